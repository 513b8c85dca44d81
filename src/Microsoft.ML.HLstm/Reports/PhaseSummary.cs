namespace Microsoft.ML.HLstm;

/// <summary>One phase of a training run in figures.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="FirstEpoch">Its first epoch over the whole run, from 1.</param>
/// <param name="LastEpoch">Its last epoch.</param>
/// <param name="Loss">Mean training loss per predicted token in the last epoch.</param>
/// <param name="BestMetric">The best validation metric; NaN when there was none.</param>
/// <param name="ActiveConnections">
/// Active connections of masked matrices in the last model of the phase that became the one to return, or where none did, in its last model.
/// </param>
/// <param name="Density">Their share; NaN when no matrix was masked.</param>
/// <param name="FlopsPerStep">Weight FLOPs of one scoring step of that model.</param>
/// <param name="Seconds">Seconds that the phase took.</param>
public sealed record PhaseSummary(
    TrainingPhase Phase, int FirstEpoch, int LastEpoch, double Loss, double BestMetric, long ActiveConnections, double Density,
    long FlopsPerStep, double Seconds)
{
    /// <summary>False when no matrix was masked: then there are no connections to count, and every one is there.</summary>
    public bool Masked => !double.IsNaN(Density);

    /// <summary>Epochs of the phase.</summary>
    public int Epochs => LastEpoch - FirstEpoch + 1;

    /// <summary>Phases in the order in which they were run; epochs of one phase that follow each other are one.</summary>
    public static IReadOnlyList<PhaseSummary> From(TrainingHistory history, bool lowerMetricIsBetter)
    {
        ArgumentNullException.ThrowIfNull(history);
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
        return new PhaseSummary(run[0].Phase, run[0].Epoch, run[^1].Epoch, run[^1].Loss, lowerMetricIsBetter ? metrics.Min() : metrics.Max(),
            kept.ActiveConnections, kept.Connections == 0 ? double.NaN : (double)kept.ActiveConnections / kept.Connections, kept.FlopsPerStep, run.Sum(entry => entry.Seconds));
    }
}
