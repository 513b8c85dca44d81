using Microsoft.ML.HLstm.Tests.Tasks.Translation;
using Microsoft.ML.HLstm.Tests.TestSupport;

namespace Microsoft.ML.HLstm.Tests.Training;

/// <summary>Progress and cancelling.</summary>
[TestClass]
public class CancellationTests
{
    [TestMethod]
    public void Progress_tells_every_batch_and_every_epoch()
    {
        var reports = new List<TrainingProgress>();
        TranslationOptions options = TinyCorpus.Options(2);
        options.Progress = new Reporter(reports.Add);

        Fit(options);

        Assert.AreEqual(2, reports.Max(report => report.Epoch));
        Assert.IsTrue(reports.Where(report => report.Epoch == 1).Select(report => report.Batch).Distinct().Order().SequenceEqual(Enumerable.Range(1, reports[0].Batches)));
        Assert.IsTrue(reports.TrueForAll(report => double.IsFinite(report.Loss) && report.Remaining >= TimeSpan.Zero && report.MetricName == "BLEU" && report.PlannedEpochs == 2));
        Assert.IsTrue(double.IsNaN(reports[0].Metric) && double.IsFinite(reports[^1].Metric));
    }

    [TestMethod]
    [DataRow(true, 0)]
    [DataRow(false, 3)]
    public void What_is_prepared_is_told_batch_by_batch_and_can_be_cancelled(bool teachers, int epochs)
    {
        using var source = new CancellationTokenSource();
        var reports = new List<TrainingProgress>();
        int left = int.MaxValue;
        TranslationOptions options = TinyCorpus.Options(2);
        options.Progress = new Reporter(report =>
        {
            reports.Add(report);
            if (report.Phase == TrainingPhase.Prepare && --left == 0)
                source.Cancel();
        });
        options.CancellationToken = source.Token;
        if (teachers)
            options.Teachers = [TinyModel.Trained];
        else
            options.GrowAndPrune = GrowAndPruneSchedule.Compact with { GrowthRounds = 0, ShiftEpochs = 1, PruningRounds = 1, FinalRecoveryEpochs = 1, Distillation = 0.5 };

        Fit(options);

        TrainingProgress[] prepared = [.. reports.Where(report => report.Phase == TrainingPhase.Prepare)];
        Assert.IsGreaterThan(1, prepared.Length);
        CollectionAssert.AreEqual(Enumerable.Range(1, prepared.Length).ToArray(), prepared.Select(report => report.Batch).ToArray());
        Assert.IsTrue(prepared.All(report => report.Batches == prepared.Length && report.Epoch == epochs && report.Remaining is null && double.IsNaN(report.Loss)));
        Assert.AreEqual(epochs, reports.TakeWhile(report => report.Phase != TrainingPhase.Prepare).Select(report => report.Epoch).Distinct().Count());
        left = 1;
        Assert.Throws<OperationCanceledException>(() => Fit(options));
        Assert.AreEqual(TrainingPhase.Prepare, reports[^1].Phase);
    }

    [TestMethod]
    public void Cancelling_ends_within_one_batch()
    {
        using var source = new CancellationTokenSource();
        TranslationOptions options = TinyCorpus.Options(1000);
        options.CancellationToken = source.Token;
        int after = 0;
        options.Progress = new Reporter(report =>
        {
            if (source.IsCancellationRequested)
                after++;
            if (report is { Epoch: 2, Batch: 3 })
                source.Cancel();
        });

        Assert.Throws<OperationCanceledException>(() => Fit(options));
        Assert.AreEqual(0, after);
    }

    [TestMethod]
    public void Cancelling_returns_the_best_model_when_asked_to()
    {
        using var source = new CancellationTokenSource();
        TranslationOptions options = TinyCorpus.Options(1000);
        (options.CancellationToken, options.ReturnBestOnCancel) = (source.Token, true);
        options.Progress = new Reporter(report =>
        {
            if (report is { Epoch: 3, Batch: 1 })
                source.Cancel();
        });

        TranslationTransformer model = Fit(options);

        Assert.HasCount(2, model.History.Epochs);
        Assert.AreEqual(5, TinyModel.Translate(model, "ich sehe ein haus .", "du", "", "haus", "wir").Length);
    }

    [TestMethod]
    public void Cancelling_before_the_first_epoch_ends_throws_even_then()
    {
        using var source = new CancellationTokenSource();
        TranslationOptions options = TinyCorpus.Options(1000);
        (options.CancellationToken, options.ReturnBestOnCancel) = (source.Token, true);
        options.Progress = new Reporter(_ => source.Cancel());

        Assert.Throws<OperationCanceledException>(() => Fit(options));
    }

    private static TranslationTransformer Fit(TranslationOptions options)
    {
        var mlContext = new MLContext(1);
        return mlContext.Translation.Trainers.HLstm(options).Fit(TinyCorpus.Load(mlContext));
    }
}
