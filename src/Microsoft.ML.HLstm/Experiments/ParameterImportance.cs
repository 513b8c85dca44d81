namespace Microsoft.ML.HLstm;

/// <summary>How much of the metric's variance between trials the value of one parameter explains, whatever the others were.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Share">
/// From 0 to 1. Trials are put into groups, one for each choice or for each quarter of a number's values, and this is epsilon
/// squared of one-way analysis of variance (T. L. Kelley, 1935): the share of variance between groups less what chance gives.
/// Shares of several parameters need not add up to 1.
/// </param>
public sealed record ParameterImportance(string Name, double Share)
{
    private const int Quarters = 4;

    /// <summary>The importances over the trials of the budget that has the most, in falling order.</summary>
    internal static IReadOnlyList<ParameterImportance> Compute(IEnumerable<TrialResult> results)
    {
        TrialResult[] same = results.GroupBy(result => result.TrialSettings.Budget).MaxBy(group => group.Count())?.ToArray() ?? [];
        IEnumerable<string> names = same.SelectMany(result => result.TrialSettings.Parameter.Values.Select(entry => entry.Key)).Distinct();
        return [.. names.Select(name => new ParameterImportance(name, Explained(same, name))).OrderByDescending(importance => importance.Share)];
    }

    private static double Explained(TrialResult[] results, string name)
    {
        TrialResult[] having = [.. results.Where(result => result.TrialSettings.Parameter.Contains(name))];
        double[][] groups = Groups(having, name);
        int count = having.Length;
        double mean = having.Length == 0 ? 0 : having.Average(result => result.Loss);
        double all = having.Sum(result => Square(result.Loss - mean));
        if (groups.Length < 2 || count <= groups.Length || all == 0)
            return 0;
        double within = groups.Sum(group => group.Sum(loss => Square(loss - group.Average())));
        double chance = (groups.Length - 1) * within / (count - groups.Length);
        return Math.Clamp((all - within - chance) / all, 0, 1);
    }

    private static double[][] Groups(TrialResult[] results, string name)
    {
        (object Value, double Loss)[] rows = [.. results.Select(result => (result.TrialSettings.Parameter.Find(name)!, result.Loss))];
        if (rows.Select(row => row.Value).Distinct().Count() <= Quarters || !rows.All(row => row.Value is int or double))
            return [.. rows.GroupBy(row => row.Value).Select(group => group.Select(row => row.Loss).ToArray())];
        double[] losses = [.. rows.OrderBy(row => Convert.ToDouble(row.Value, System.Globalization.CultureInfo.InvariantCulture)).Select(row => row.Loss)];
        return [.. Enumerable.Range(0, Quarters).Select(q => losses[(q * losses.Length / Quarters)..((q + 1) * losses.Length / Quarters)])];
    }

    private static double Square(double x) => x * x;
}
