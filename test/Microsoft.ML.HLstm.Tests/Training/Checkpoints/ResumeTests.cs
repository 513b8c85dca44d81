using Microsoft.ML.HLstm.Tests.Tasks.Translation;
using Microsoft.ML.HLstm.Tests.TestSupport;
using Microsoft.ML.HLstm.Training.Checkpoints;
using Samples;

namespace Microsoft.ML.HLstm.Tests.Training.Checkpoints;

/// <summary>Going on from a checkpoint within one process.</summary>
[TestClass]
public class ResumeTests
{
    private static readonly Lazy<byte[]> _undisturbed = new(() => CheckpointedRun.Weights(CheckpointedRun.Options(null)));

    [TestMethod]
    public void A_run_that_is_cancelled_again_and_again_ends_as_one_that_never_was()
    {
        using var folder = new TempFolder();
        var random = new Random(1);
        int stops = 0, batches = 0;
        byte[]? weights = null;
        for (; weights is null; stops++)
        {
            // Up to three epochs on: in the middle of one, at its end, in growth, while a teacher predicts.
            using var source = new CancellationTokenSource();
            int left = random.Next(1, 25);
            TranslationOptions options = CheckpointedRun.Options(folder.Path);
            options.CheckpointInterval = TimeSpan.FromDays(1);
            options.CancellationToken = source.Token;
            options.Progress = new Reporter(_ =>
            {
                batches++;
                if (--left == 0)
                    source.Cancel();
            });
            try
            {
                weights = CheckpointedRun.Weights(options);
            }
            catch (OperationCanceledException)
            {
            }
        }

        Assert.IsGreaterThan(5, stops);
        CollectionAssert.AreEqual(_undisturbed.Value, weights);
    }

    [TestMethod]
    public void A_last_retraining_after_pruning_went_too_far_goes_on_as_well()
    {
        using var folder = new TempFolder();
        static TranslationOptions TooFar(string? folder)
        {
            TranslationOptions options = CheckpointedRun.Options(folder);
            options.GrowAndPrune = options.GrowAndPrune with { PruningRounds = 6, RecoveryEpochs = 1, FinalRecoveryEpochs = 3, AllowedLoss = 0.3, InterimLoss = 0, TargetDensity = 0.01, EmbeddingTargetDensity = 0.01 };
            return options;
        }

        var mlContext = new MLContext(1);
        TranslationTransformer undisturbed = Fit(mlContext, TooFar(null));
        // It ends with more connections than it had before.
        long[] connections = [.. undisturbed.History.Epochs.Select(epoch => epoch.ActiveConnections)];
        Assert.IsGreaterThan(connections.Min(), connections[^1]);
        using var source = new CancellationTokenSource();
        TranslationOptions options = TooFar(folder.Path);
        options.CancellationToken = source.Token;
        options.Progress = new Reporter(report =>
        {
            if (report.Epoch == connections.Length && report.Batch == 3)
                source.Cancel();
        });

        Assert.ThrowsExactly<OperationCanceledException>(() => Fit(mlContext, options));

        CollectionAssert.AreEqual(TinyModel.Weights(undisturbed), CheckpointedRun.Weights(TooFar(folder.Path)));
    }

    [TestMethod]
    public void Whatever_it_returns_when_cancelled_it_goes_on_later()
    {
        using var folder = new TempFolder();
        using var source = new CancellationTokenSource();
        TranslationOptions options = CheckpointedRun.Options(folder.Path);
        (options.CancellationToken, options.ReturnBestOnCancel) = (source.Token, true);
        options.Progress = new Reporter(report =>
        {
            if (report is { Epoch: 7, Batch: 3 })
                source.Cancel();
        });

        byte[] best = CheckpointedRun.Weights(options);

        CollectionAssert.AreNotEqual(_undisturbed.Value, best);
        CollectionAssert.AreEqual(_undisturbed.Value, CheckpointedRun.Weights(CheckpointedRun.Options(folder.Path)));
    }

    [TestMethod]
    public void A_finished_run_returns_its_model_at_once_with_its_history()
    {
        using var folder = new TempFolder();
        var mlContext = new MLContext(1);
        TranslationTransformer first = Fit(mlContext, CheckpointedRun.Options(folder.Path));
        TranslationOptions options = CheckpointedRun.Options(folder.Path);
        options.Progress = new Reporter(_ => Assert.Fail("It trained."));

        TranslationTransformer second = Fit(mlContext, options);

        CollectionAssert.AreEqual(_undisturbed.Value, TinyModel.Weights(first));
        CollectionAssert.AreEqual(_undisturbed.Value, TinyModel.Weights(second));
        CollectionAssert.AreEqual(first.History.Epochs.ToArray(), second.History.Epochs.ToArray());
    }

    [TestMethod]
    public void Training_on_from_a_model_goes_on_too()
    {
        using var folder = new TempFolder();
        var mlContext = new MLContext(1);
        TranslationOptions before = TinyCorpus.Options(6);
        before.EmbeddingSize = CheckpointedRun.Options(null).EmbeddingSize;
        TranslationTransformer initial = Fit(mlContext, before);
        byte[] Train(string? checkpoints, int? stopAfter)
        {
            TranslationOptions options = CheckpointedRun.Options(checkpoints);
            options.Epochs = 2;
            using var source = new CancellationTokenSource();
            options.CancellationToken = source.Token;
            options.Progress = new Reporter(_ =>
            {
                if (--stopAfter == 0)
                    source.Cancel();
            });
            return TinyModel.Weights(mlContext.Translation.Trainers.HLstm(options).Fit(TinyCorpus.Load(mlContext), initial));
        }

        Assert.Throws<OperationCanceledException>(() => Train(folder.Path, 12));

        CollectionAssert.AreEqual(Train(null, null), Train(folder.Path, null));
    }

    [TestMethod]
    public void The_seed_of_the_environment_is_that_of_the_first_start()
    {
        using var folder = new TempFolder();
        TranslationOptions options = CheckpointedRun.Options(folder.Path);
        options.Seed = null;
        using var source = new CancellationTokenSource();
        options.CancellationToken = source.Token;
        options.Progress = new Reporter(_ => source.Cancel());
        Assert.Throws<OperationCanceledException>(() => Fit(new MLContext(11), options));
        (options.CancellationToken, options.Progress) = (default, null);

        byte[] resumed = TinyModel.Weights(Fit(new MLContext(12), options));
        options.CheckpointFolder = null;

        CollectionAssert.AreEqual(TinyModel.Weights(Fit(new MLContext(11), options)), resumed);
    }

    [TestMethod]
    public void A_damaged_checkpoint_makes_way_for_the_one_before_it()
    {
        using var folder = new TempFolder();
        using var source = new CancellationTokenSource();
        TranslationOptions options = CheckpointedRun.Options(folder.Path);
        options.CancellationToken = source.Token;
        options.Progress = new Reporter(report =>
        {
            if (report is { Epoch: 3, Batch: 4 })
                source.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => CheckpointedRun.Weights(options));
        string latest = folder.PathOf(TrainingCheckpoints.LatestName);
        byte[] bytes = File.ReadAllBytes(latest);
        bytes[bytes.Length / 2] ^= 4;
        File.WriteAllBytes(latest, bytes);
        File.WriteAllBytes(folder.PathOf(TrainingCheckpoints.UnfinishedName), bytes[..100]);

        CollectionAssert.AreEqual(_undisturbed.Value, CheckpointedRun.Weights(CheckpointedRun.Options(folder.Path)));
        Assert.IsFalse(File.Exists(folder.PathOf(TrainingCheckpoints.UnfinishedName)));
    }

    private static TranslationTransformer Fit(MLContext mlContext, TranslationOptions options) =>
        mlContext.Translation.Trainers.HLstm(options).Fit(TinyCorpus.Load(mlContext));
}
