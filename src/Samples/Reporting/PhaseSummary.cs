using Microsoft.ML.HLstm;

namespace Samples.Reporting;

/// <summary>One phase of a training run in figures.</summary>
internal sealed record PhaseSummary(
    TrainingPhase Phase, int FirstEpoch, int LastEpoch, double BestMetric, long ActiveConnections, double Density,
    long FlopsPerStep, double Seconds)
{
    /// <summary>False when no matrix was masked: then there are no connections to count, and every one is there.</summary>
    public bool Masked => !double.IsNaN(Density);

    public int Epochs => LastEpoch - FirstEpoch + 1;

    /// <summary>Phases in the order they were run; epochs of one phase that follow each other are one line.</summary>
    public static IReadOnlyList<PhaseSummary> From(TrainingHistory history, bool lowerMetricIsBetter)
    {
        var runs = new List<List<TrainingHistoryEntry>>();
        foreach (TrainingHistoryEntry entry in history.Epochs)
        {
            if (runs.Count == 0 || runs[^1][^1].Phase != entry.Phase)
                runs.Add([]);
            runs[^1].Add(entry);
        }

        return [.. runs.Select(run => From(run, lowerMetricIsBetter))];
    }

    private static PhaseSummary From(List<TrainingHistoryEntry> run, bool lowerMetricIsBetter)
    {
        // The last round of pruning may have gone too far and been taken back: the size is that of the last model kept.
        TrainingHistoryEntry kept = run.LastOrDefault(entry => entry.Best) ?? run[^1];
        IEnumerable<double> metrics = run.Select(entry => entry.Metric).Where(double.IsFinite).DefaultIfEmpty(double.NaN);
        return new PhaseSummary(run[0].Phase, run[0].Epoch, run[^1].Epoch, lowerMetricIsBetter ? metrics.Min() : metrics.Max(),
            kept.ActiveConnections, kept.Connections == 0 ? double.NaN : (double)kept.ActiveConnections / kept.Connections, kept.FlopsPerStep, run.Sum(entry => entry.Seconds));
    }
}
