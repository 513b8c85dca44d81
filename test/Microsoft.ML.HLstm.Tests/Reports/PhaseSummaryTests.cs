namespace Microsoft.ML.HLstm.Tests.Reports;

[TestClass]
public sealed class PhaseSummaryTests
{
    private static readonly TrainingHistory _history = new("BLEU",
    [
        Entry(TrainingPhase.Grow, 1, 10, 500, best: true),
        Entry(TrainingPhase.Train, 2, double.NaN, 600, best: false),
        Entry(TrainingPhase.Train, 3, 20, 600, best: true),
        Entry(TrainingPhase.Prune, 4, 19, 300, best: true),
        Entry(TrainingPhase.Prune, 5, 19.5, 100, best: false),
    ]);

    [TestMethod]
    public void Phases_are_runs_of_epochs()
    {
        IReadOnlyList<PhaseSummary> phases = PhaseSummary.From(_history, lowerMetricIsBetter: false);
        CollectionAssert.AreEqual(new[] { TrainingPhase.Grow, TrainingPhase.Train, TrainingPhase.Prune }, phases.Select(p => p.Phase).ToArray());
        CollectionAssert.AreEqual(new[] { 1, 2, 2 }, phases.Select(p => p.Epochs).ToArray());
        Assert.AreEqual(20, phases[1].BestMetric);
        Assert.AreEqual(3, phases[1].Seconds);
    }

    [TestMethod]
    public void The_size_of_a_phase_is_that_of_the_last_model_kept()
    {
        PhaseSummary prune = PhaseSummary.From(_history, lowerMetricIsBetter: false)[^1];
        Assert.AreEqual(300, prune.ActiveConnections);
        Assert.AreEqual(0.3, prune.Density);
    }

    [TestMethod]
    public void For_error_rates_the_lowest_is_best() =>
        Assert.AreEqual(19, PhaseSummary.From(_history, lowerMetricIsBetter: true)[^1].BestMetric);

    private static TrainingHistoryEntry Entry(TrainingPhase phase, int epoch, double metric, long active, bool best) =>
        new(phase, epoch, 0.25, metric, active, 1000, 2 * active, 1e-3, 1.5, best);
}
