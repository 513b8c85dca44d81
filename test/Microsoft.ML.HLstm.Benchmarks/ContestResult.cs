namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>What a <see cref="Contest"/> measured.</summary>
/// <param name="Title">What the ways do.</param>
/// <param name="Baselines">The ways that all are compared with.</param>
/// <param name="Rows">One for each way.</param>
internal sealed record ContestResult(string Title, IReadOnlyList<string> Baselines, IReadOnlyList<ContestRow> Rows);

/// <summary>What was measured of one way.</summary>
/// <param name="Name">The way.</param>
/// <param name="MedianMilliseconds">Of one run.</param>
/// <param name="SpeedOver">For each baseline, its time divided by this way's in the same turn.</param>
/// <param name="Density">Share of active connections, where that is a property of the way.</param>
/// <param name="PeakMebibytes">Most memory of its process, where it has one of its own.</param>
internal sealed record ContestRow(string Name, double MedianMilliseconds, IReadOnlyList<Ratio> SpeedOver, double? Density, double? PeakMebibytes);
