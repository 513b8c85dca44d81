namespace Microsoft.ML.HLstm.Tests.Experiments.Tuners;

/// <summary>Results with given values.</summary>
internal static class MadeUpTrials
{
    /// <summary>A trial that has a model.</summary>
    public static TrialResult Result(int trial, double metric, long parameters = 1000, double latency = 1, double budget = 1, ParameterSet? parameter = null) => new()
    {
        TrialSettings = Settings(trial) with { Budget = budget, Parameter = parameter ?? new ParameterSet([]) },
        Metric = metric,
        Loss = -metric,
        Parameters = parameters,
        LatencyInMilliseconds = latency,
    };

    /// <summary>What a tuner is given.</summary>
    public static TrialSettings Settings(int trial) => new() { TrialId = trial, Parameter = new ParameterSet([]), ModelPath = "" };
}
