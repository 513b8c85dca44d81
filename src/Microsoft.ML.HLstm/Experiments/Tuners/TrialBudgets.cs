namespace Microsoft.ML.HLstm.Experiments;

/// <summary>Which trials a tuner can compare.</summary>
internal static class TrialBudgets
{
    /// <summary>
    /// Trials of one budget that succeeded: of the largest that has enough of them (S. Falkner et al., BOHB, arXiv 1807.01774),
    /// because models that are half trained say less.
    /// </summary>
    public static IReadOnlyList<TrialResult> Comparable(IEnumerable<TrialResult> results, int enough)
    {
        IGrouping<double, TrialResult>[] budgets = [.. results.Where(result => result.Succeeded).GroupBy(result => result.TrialSettings.Budget).OrderByDescending(group => group.Key)];
        return [.. budgets.FirstOrDefault(group => group.Count() >= enough) ?? budgets.LastOrDefault() ?? Enumerable.Empty<TrialResult>()];
    }
}
