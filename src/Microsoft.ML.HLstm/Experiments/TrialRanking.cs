namespace Microsoft.ML.HLstm.Experiments;

/// <summary>Compares models by metric, parameters and latency together; all three are minimised.</summary>
internal static class TrialRanking
{
    /// <summary>
    /// A model whose metric is further from the best than half of it is not worth having, however small: an untrained model
    /// would be the smallest of all.
    /// </summary>
    private const double WorstShare = 0.5;

    /// <summary>The loss that a model worth having has at most.</summary>
    public static double WorstLoss(IEnumerable<TrialResult> results)
    {
        double best = results.Min(result => result.Loss);
        return best + WorstShare * Math.Abs(best);
    }

    /// <summary>Loss, and the logarithms of parameters and latency: sizes compare by ratios.</summary>
    public static double[] Objectives(TrialResult result) =>
        [result.Loss, Math.Log(Math.Max(1, result.Parameters)), double.IsNaN(result.LatencyInMilliseconds) ? double.MaxValue : Math.Log(result.LatencyInMilliseconds)];

    /// <summary>
    /// Results that succeeded, best first: front by front, inside a front those with the most room around them first, and last
    /// what is not worth having, by its loss.
    /// </summary>
    public static IReadOnlyList<TrialResult> Order(IReadOnlyList<TrialResult> results)
    {
        if (results.Count == 0)
            return results;
        double worst = WorstLoss(results);
        TrialResult[] worth = [.. results.Where(result => result.Loss <= worst)];
        double[][] points = [.. worth.Select(Objectives)];
        int[] ranks = ParetoRanking.Ranks(points);
        double[] room = new double[worth.Length];
        foreach (IGrouping<int, int> front in Enumerable.Range(0, worth.Length).GroupBy(i => ranks[i]))
        {
            int[] members = [.. front];
            double[] distances = ParetoRanking.Crowding([.. members.Select(i => points[i])]);
            for (int i = 0; i < members.Length; i++)
                room[members[i]] = distances[i];
        }

        return
        [
            .. Enumerable.Range(0, worth.Length).OrderBy(i => ranks[i]).ThenByDescending(i => room[i]).ThenBy(i => worth[i].TrialSettings.TrialId).Select(i => worth[i]),
            .. results.Where(result => !(result.Loss <= worst)).OrderBy(result => result.Loss),
        ];
    }

    /// <summary>The results worth having that no other one is at least as good as in everything, by parameters.</summary>
    public static IReadOnlyList<TrialResult> Front(IReadOnlyList<TrialResult> results)
    {
        if (results.Count == 0)
            return results;
        double worst = WorstLoss(results);
        TrialResult[] worth = [.. results.Where(result => result.Loss <= worst)];
        int[] ranks = ParetoRanking.Ranks([.. worth.Select(Objectives)]);
        return [.. worth.Where((_, i) => ranks[i] == 0).OrderBy(result => result.Parameters).ThenBy(result => result.Loss)];
    }

    /// <summary>The best result for a goal; null when there is none.</summary>
    public static TrialResult? Best(IReadOnlyList<TrialResult> results, ExperimentGoal goal, double allowedLoss)
    {
        if (results.Count == 0)
            return null;
        double best = results.Min(result => result.Loss);
        IEnumerable<TrialResult> within = results.Where(result => result.Loss <= best + allowedLoss * Math.Abs(best));
        return goal switch
        {
            ExperimentGoal.Smallest => within.OrderBy(result => result.Parameters).ThenBy(result => result.Loss).First(),
            ExperimentGoal.Fastest => within.OrderBy(result => double.IsNaN(result.LatencyInMilliseconds) ? double.MaxValue : result.LatencyInMilliseconds).ThenBy(result => result.Loss).First(),
            _ => results.OrderBy(result => result.Loss).ThenBy(result => result.Parameters).First(),
        };
    }
}
