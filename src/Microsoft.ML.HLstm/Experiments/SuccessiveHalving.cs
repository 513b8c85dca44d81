namespace Microsoft.ML.HLstm.Experiments;

/// <summary>
/// Decides which models are trained on: the best share of those that have reached a budget, as soon as there are enough of
/// them (L. Li et al., asynchronous successive halving, arXiv 1810.05934). The others have stopped.
/// </summary>
internal sealed class SuccessiveHalving(IReadOnlyList<double> budgets)
{
    /// <summary>The budget of a new point.</summary>
    public double First => budgets[0];

    /// <summary>The next model to train on, with its next budget; null when a new point is to be tried.</summary>
    /// <param name="succeeded">Trials that have a model.</param>
    /// <param name="continued">The trials that others go on from or have gone on from.</param>
    public (TrialResult From, double Budget)? Next(IReadOnlyList<TrialResult> succeeded, IReadOnlySet<int> continued)
    {
        for (int rung = budgets.Count - 2; rung >= 0; rung--)
        {
            TrialResult[] here = [.. succeeded.Where(result => result.TrialSettings.Budget == budgets[rung])];
            int promoted = (int)(here.Length * budgets[rung] / budgets[rung + 1] + 1e-9);
            TrialResult? next = TrialRanking.Order(here).Take(promoted).FirstOrDefault(result => !continued.Contains(result.TrialSettings.TrialId));
            if (next is not null)
                return (next, budgets[rung + 1]);
        }

        return null;
    }
}
