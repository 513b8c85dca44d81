namespace Microsoft.ML.HLstm;

/// <summary>What came of a trial.</summary>
public sealed record TrialResult
{
    /// <summary>What the trial was to do.</summary>
    public required TrialSettings TrialSettings { get; init; }

    /// <summary>The optimizing metric on the validation data; NaN when the trial failed.</summary>
    public double Metric { get; init; } = double.NaN;

    /// <summary>The metric as something to minimise: itself or its negative. Infinite when the trial failed.</summary>
    public double Loss { get; init; } = double.PositiveInfinity;

    /// <summary>Weights of the model in its zip that are not zero; 0 when the trial failed.</summary>
    public long Parameters { get; init; }

    /// <summary>
    /// Milliseconds for one row, alone, through the whole saved pipeline; NaN when the trial failed, and until the experiment
    /// has measured it.
    /// </summary>
    public double LatencyInMilliseconds { get; init; } = double.NaN;

    /// <summary>Bytes of the model zip; 0 when the trial failed.</summary>
    public long ZipBytes { get; init; }

    /// <summary>How long the trial took.</summary>
    public double DurationInMilliseconds { get; init; }

    /// <summary>The largest working set of the process that ran the trial, where it was watched.</summary>
    public double PeakMemoryInMegaByte { get; init; }

    /// <summary>Why the trial failed; null when it did not.</summary>
    public string? Exception { get; init; }

    /// <summary>True when there is a model.</summary>
    public bool Succeeded => Exception is null;
}
