using System.Globalization;
using Microsoft.ML.HLstm;

namespace Samples.Reporting;

/// <summary>What a report of progress says, in words.</summary>
internal static class ProgressText
{
    /// <summary>Where the epoch stands: short enough for a console of 80 columns beside a bar.</summary>
    public static string Epoch(TrainingProgress p) => IsPreparing(p)
        ? string.Create(CultureInfo.InvariantCulture, $"preparing batch {p.Batch}/{p.Batches}")
        : string.Create(CultureInfo.InvariantCulture, $"epoch {p.Epoch}/{p.PlannedEpochs} batch {p.Batch}/{p.Batches} loss {p.Loss:F3}");

    /// <summary>Where the run stands.</summary>
    public static string Run(TrainingProgress p) => string.Create(CultureInfo.InvariantCulture,
        $"{PhaseName.Of(p.Phase)} {Metric(p)} {Active(p, "P0")} left {Left(p)}");

    /// <summary>A whole epoch, or what was prepared, in one line, for logs.</summary>
    public static string Line(TrainingProgress p) => IsPreparing(p)
        ? string.Create(CultureInfo.InvariantCulture, $"{PhaseName.Of(p.Phase)}: {p.Batches} batches, {p.Elapsed.TotalSeconds:F0} s")
        : string.Create(CultureInfo.InvariantCulture, $"epoch {p.Epoch}/{p.PlannedEpochs} {PhaseName.Of(p.Phase)}: {p.Batches} batches, loss {p.Loss:F4}, {Metric(p)}, {Active(p, "P1")}, {p.Elapsed.TotalSeconds:F0} s, left {Left(p)}");

    public static double Fraction(TrainingProgress p) =>
        (IsPreparing(p) ? p.Epoch : p.Epoch - 1 + (double)p.Batch / Math.Max(1, p.Batches)) / Math.Max(1, p.PlannedEpochs);

    private static bool IsPreparing(TrainingProgress p) => p.Phase == TrainingPhase.Prepare;

    // Without masked matrices nothing is counted, and every connection is there.
    private static string Active(TrainingProgress p, string format) => p.Connections == 0
        ? "dense"
        : string.Create(CultureInfo.InvariantCulture, $"active {p.ActiveConnections:N0} ({((double)p.ActiveConnections / p.Connections).ToString(format, CultureInfo.InvariantCulture)})");

    private static string Metric(TrainingProgress p) => double.IsNaN(p.Metric)
        ? $"{p.MetricName} -"
        : string.Create(CultureInfo.InvariantCulture, $"{p.MetricName} {p.Metric:F2} (best {p.BestMetric:F2})");

    private static string Left(TrainingProgress p) => p.Remaining is not { } left
        ? "?"
        : left.ToString(left.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);
}
