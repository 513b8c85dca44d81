namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>One of several ways of doing the same thing.</summary>
/// <param name="Name">What stands in the table.</param>
/// <param name="Run">Does it once.</param>
/// <param name="Density">Share of connections that are active; null where all are, or where it does not matter.</param>
internal sealed record Contestant(string Name, Action Run, double? Density = null)
{
    /// <summary>The most memory that the last run's process took; null where all ways share a process.</summary>
    public Func<double>? PeakMebibytes { get; init; }

    /// <summary>False for what runs in a process of its own each time, which this process cannot warm up.</summary>
    public bool WarmsUp { get; init; } = true;
}
