using Microsoft.ML.HLstm.Experiments;

namespace Microsoft.ML.HLstm;

/// <summary>What an experiment has found.</summary>
public sealed class ExperimentResult
{
    internal ExperimentResult(string folder, string metricName, bool lowerIsBetter, IReadOnlyList<TrialResult> results, ExperimentGoal goal, double allowedLoss)
    {
        (Folder, MetricName, LowerMetricIsBetter) = (folder, metricName, lowerIsBetter);
        RunDetails = [.. results.Select(result => new RunDetail(result))];
        TrialResult[] succeeded = [.. results.Where(result => result.Succeeded)];
        BestRun = Of(TrialRanking.Best(succeeded, goal, allowedLoss)!);
        ParetoFront = [.. TrialRanking.Front(succeeded).Select(Of)];
        Importances = ParameterImportance.Compute(succeeded);
    }

    /// <summary>The best model by the goal.</summary>
    public RunDetail BestRun { get; }

    /// <summary>All trials, in order, failed ones and those of earlier runs in the folder included.</summary>
    public IReadOnlyList<RunDetail> RunDetails { get; }

    /// <summary>
    /// The models that no other one equals or beats in metric, parameters and latency together, fewest parameters first; without
    /// those whose metric is further from the best than half of it.
    /// </summary>
    public IReadOnlyList<RunDetail> ParetoFront { get; }

    /// <summary>What mattered most for the metric, first what mattered most.</summary>
    public IReadOnlyList<ParameterImportance> Importances { get; }

    /// <summary>The name of the metric.</summary>
    public string MetricName { get; }

    /// <summary>True when the metric is an error rate.</summary>
    public bool LowerMetricIsBetter { get; }

    /// <summary>The folder with <c>report.html</c>, <c>trials.csv</c>, <c>trials</c> and <c>models</c>.</summary>
    public string Folder { get; }

    private RunDetail Of(TrialResult result) => RunDetails.First(detail => ReferenceEquals(detail.Result, result));
}
