using Microsoft.ML.HLstm;
using Samples.Reporting;
using Spectre.Console;

namespace Samples;

[TestClass]
public sealed class ReportingTests
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
    public void ADenseRunIsNotShownAsOneWithoutConnections()
    {
        var dense = new TrainingHistory("BLEU", [Entry(TrainingPhase.Train, 1, 10, 0, best: true) with { Connections = 0 }]);
        string[] row = PhaseTable.Row(PhaseSummary.From(dense, lowerMetricIsBetter: false)[0]);
        CollectionAssert.AreEqual(new[] { "all", "dense" }, row[3..5]);
    }

    [TestMethod]
    public void WhatWasDecidedStandsBelowTheTable()
    {
        var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });

        PhaseTable.Write(console, _history with { Decisions = ["[BLEU] is too low."] }, lowerMetricIsBetter: false);

        Assert.EndsWith("[BLEU] is too low.", text.ToString().TrimEnd());
    }

    [TestMethod]
    public void CsvHasOneLineAnEpoch()
    {
        string[] lines = HistoryCsv.Write(_history).TrimEnd('\n').Split('\n');
        Assert.HasCount(6, lines);
        Assert.StartsWith("phase,epoch,loss,BLEU,", lines[0]);
        Assert.AreEqual("Prune,5,0.25,19.5,100,1000,200,0.001,1.5,0", lines[5]);
        Assert.AreEqual(lines[0].Split(',').Length, lines[5].Split(',').Length);
    }

    [TestMethod]
    public void ThePlotIsAPng()
    {
        using var folder = new TempFolder();
        HistoryPlot.Save(folder.PathOf("a.png"), _history, lowerMetricIsBetter: false);
        CollectionAssert.AreEqual("\u0089PNG".Select(c => (byte)c).ToArray(), File.ReadAllBytes(folder.PathOf("a.png"))[..4]);
    }

    [TestMethod]
    public void RedirectedProgressIsOneLineAnEpochWithItsLastReport()
    {
        var text = new StringWriter();
        var lines = new EpochLines(text);
        foreach ((int epoch, int batch, double metric) in new[] { (1, 1, double.NaN), (1, 2, double.NaN), (1, 2, 5.0), (2, 1, 5.0), (2, 2, 7.5) })
        {
            lines.Report(new TrainingProgress(TrainingPhase.Train, epoch, 2, batch, 2, 1.5, "BLEU", metric, metric, 10, 20,
                TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(65)));
        }

        foreach (int batch in new[] { 1, 2 })
            lines.Report(new TrainingProgress(TrainingPhase.Prepare, 2, 2, batch, 2, double.NaN, "BLEU", 7.5, 7.5, 10, 20, TimeSpan.FromSeconds(4), null));
        lines.Flush();
        string[] written = text.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        Assert.HasCount(3, written);
        Assert.StartsWith("Prepare: 2 batches, 4 s, memory ", written[2]);
        Assert.StartsWith("epoch 1/2 Train: 2 batches, loss 1.5000, BLEU 5.00 (best 5.00), active 10 (50.0 %), 3 s, left 1:05, memory ", written[0]);
        Assert.Contains("BLEU 7.50", written[1]);
    }

    private static TrainingHistoryEntry Entry(TrainingPhase phase, int epoch, double metric, long active, bool best) =>
        new(phase, epoch, 0.25, metric, active, 1000, 2 * active, 1e-3, 1.5, best);
}
