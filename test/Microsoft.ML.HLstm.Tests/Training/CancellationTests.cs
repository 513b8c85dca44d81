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
