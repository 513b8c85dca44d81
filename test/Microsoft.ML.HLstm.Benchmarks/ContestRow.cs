namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>What was measured of one way.</summary>
/// <param name="Name">The way.</param>
/// <param name="MedianMilliseconds">Of one run.</param>
/// <param name="SpeedOver">For each baseline, its time divided by this way's in the same turn.</param>
/// <param name="Density">Share of active connections, where that is a property of the way.</param>
/// <param name="PeakMebibytes">Most memory of its process, where it has one of its own.</param>
internal sealed record ContestRow(string Name, double MedianMilliseconds, IReadOnlyList<Ratio> SpeedOver, double? Density, double? PeakMebibytes);
