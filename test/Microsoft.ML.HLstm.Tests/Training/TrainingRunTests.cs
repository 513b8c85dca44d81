using Microsoft.ML.HLstm.Tests.GrowAndPrune;
using Microsoft.ML.HLstm.Tests.Tasks.Translation;
using Microsoft.ML.HLstm.Tests.TestSupport;
using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Tests.Training;

/// <summary>What a training run promises, on a real network that is small.</summary>
[TestClass]
public class TrainingRunTests
{
    private static GrowAndPruneSchedule Schedule { get; } = new()
    {
        Matrices = MaskedMatrices.All,
        SeedDensity = 0.5,
        GrowthRounds = 2,
        GrowthRatio = 0.5,
        GrowthBatches = 4,
        PruningRatio = 0.3,
        PruningRounds = 3,
        RecoveryEpochs = 3,
        AllowedLoss = 0.2,
        TargetDensity = 0.1,
    };

    [TestMethod]
    public void The_language_is_learned()
    {
        TranslationTransformer model = Fit(TinyCorpus.Options(20));

        Assert.IsGreaterThan(90, model.History.Epochs.Max(epoch => epoch.Metric));
    }

    [TestMethod]
    [DataRow(SparsityPattern.Unstructured)]
    [DataRow(SparsityPattern.Blocks16x1)]
    [DataRow(SparsityPattern.Balanced32)]
    public void The_same_seed_gives_the_same_weights_bit_for_bit(SparsityPattern pattern)
    {
        TranslationOptions options = TinyCorpus.Options(4);
        (options.GrowAndPrune, options.Dropout, options.GateDropout) = (Schedule with { Pattern = pattern }, 0.2f, 0.2f);

        byte[] first = TinyModel.TrainedWeights(options), second = TinyModel.TrainedWeights(options);
        options.Seed = 2;
        byte[] other = TinyModel.TrainedWeights(options);

        CollectionAssert.AreEqual(first, second);
        CollectionAssert.AreNotEqual(first, other);
    }

    [TestMethod]
    public void The_phases_follow_each_other_and_the_model_returned_is_the_last_within_the_allowed_loss()
    {
        TranslationOptions options = TinyCorpus.Options(15);
        options.GrowAndPrune = Schedule;

        TranslationTransformer model = Fit(options);

        TrainingPhase[] phases = [.. model.History.Epochs.Select(epoch => epoch.Phase)];
        CollectionAssert.AreEqual(phases.Order().ToArray(), phases);
        CollectionAssert.AreEqual(Enum.GetValues<TrainingPhase>().Where(phase => phase != TrainingPhase.Prepare).ToArray(), phases.Distinct().ToArray());
        double best = double.NegativeInfinity;
        TrainingHistoryEntry? expected = null;
        foreach (TrainingHistoryEntry epoch in model.History.Epochs)
        {
            best = Math.Max(best, epoch.Metric);
            if (!epoch.Best)
                continue;
            Assert.IsTrue(epoch.Phase < TrainingPhase.ActivationShift || epoch.Metric >= best * 0.8);
            expected = epoch;
        }

        // Compaction takes the connections of dead units away, which are few.
        Assert.IsLessThanOrEqualTo(expected!.ActiveConnections, model.Statistics.ActiveParameters);
        Assert.IsGreaterThan(expected.ActiveConnections * 0.98, model.Statistics.ActiveParameters);
    }

    [TestMethod]
    public void Growing_activates_and_pruning_removes()
    {
        TranslationOptions options = TinyCorpus.Options(6);
        options.GrowAndPrune = Schedule with { AllowedLoss = 1 };

        TrainingHistory history = Fit(options).History;

        TrainingHistoryEntry[] epochs = [.. history.Epochs];
        Assert.AreEqual(0.5, (double)epochs[0].ActiveConnections / epochs[0].Connections, 0.15);
        Assert.IsGreaterThan(epochs[0].ActiveConnections, epochs[1].ActiveConnections);
        long[] pruned = [.. epochs.Where(epoch => epoch.Phase == TrainingPhase.Prune).Select(epoch => epoch.ActiveConnections).Distinct()];
        Assert.HasCount(3, pruned);
        CollectionAssert.AreEqual(pruned.OrderDescending().ToArray(), pruned);
    }

    [TestMethod]
    [DataRow(SparsityPattern.Blocks16x1)]
    [DataRow(SparsityPattern.Balanced32)]
    public void Every_matrix_that_is_multiplied_has_the_pattern_from_seed_to_end(SparsityPattern pattern)
    {
        TranslationOptions options = TinyCorpus.Options(6);
        options.GrowAndPrune = Schedule with { Pattern = pattern, AllowedLoss = 1 };
        using var tiny = new TinyTraining(options);
        var watched = new WatchedNetwork(tiny.Training, (_, loss) =>
        {
            AssertPattern();
            return loss;
        });

        tiny.Run(watched).Train();

        AssertPattern();
        void AssertPattern()
        {
            foreach (TrainedParameter parameter in tiny.Training.Parameters.Where(p => p.Matrix is not null))
            {
                Assert.AreEqual(parameter.Name == "source_embedding" ? SparsityPattern.Unstructured : pattern, parameter.Matrix!.Pattern);
                Patterns.AssertHold(parameter.Matrix);
                float[] values = parameter.Values.ToArray();
                Assert.IsTrue(values.Zip(parameter.Matrix.Mask).All(c => c.Second == 1 || c.First == 0));
            }
        }
    }

    [TestMethod]
    public void The_activation_shift_goes_on_from_the_weights_of_the_best_model_with_ReLU()
    {
        TranslationOptions options = TinyCorpus.Options(4);
        options.GrowAndPrune = Schedule with { PruningRounds = 0, ShiftEpochs = 2 };
        using var tiny = new TinyTraining(options);
        float[][] Weights() => [.. tiny.Training.Parameters.Select(parameter => parameter.Values.ToArray())];
        List<(double Metric, float[][] Weights)> validated = [];
        float[][]? shifted = null;
        var watched = new WatchedNetwork(tiny.Training, (_, loss) =>
        {
            if (tiny.Training.Activation == GateActivation.Relu)
                shifted ??= Weights();
            return loss;
        }, metric =>
        {
            if (tiny.Training.Activation == GateActivation.LeakyRelu)
                validated.Add((metric, Weights()));
            return metric;
        });

        TrainingRun run = tiny.Run(watched);
        run.Train();

        CollectionAssert.AreEqual((int[])[4, 2], (int[])[validated.Count, run.History.Epochs.Count(epoch => epoch.Phase == TrainingPhase.ActivationShift)]);
        float[][] best = validated.Last(model => model.Metric == validated.Max(other => other.Metric)).Weights;
        for (int i = 0; i < best.Length; i++)
            CollectionAssert.AreEqual(best[i], shifted![i], tiny.Training.Parameters[i].Name);
        // What is returned is within the allowed loss, so it is a model of after the shift.
        Assert.AreEqual(GateActivation.Relu, tiny.Training.Activation);
    }

    [TestMethod]
    public void Distillation_and_final_epochs_retrain_a_pruned_model()
    {
        TranslationOptions options = TinyCorpus.Options(10);
        options.GrowAndPrune = Schedule with { AllowedLoss = 1, PruningRounds = 2, RecoveryEpochs = 1, FinalRecoveryEpochs = 4, Distillation = 0.5 };

        TrainingHistory history = Fit(options).History;

        TrainingHistoryEntry[] pruned = [.. history.Epochs.Where(epoch => epoch.Phase == TrainingPhase.Prune)];
        Assert.HasCount(5, pruned);
        Assert.AreEqual(4, pruned.Count(epoch => epoch.ActiveConnections == pruned[^1].ActiveConnections));
        // The teacher is unsure where the labels are not, so the loss against its probabilities is another one.
        options.GrowAndPrune = options.GrowAndPrune with { Distillation = 0 };
        TrainingHistory labels = Fit(options).History;
        CollectionAssert.AreEqual(Before(history), Before(labels));
        Assert.AreNotEqual(pruned[0].Loss, labels.Epochs.First(epoch => epoch.Phase == TrainingPhase.Prune).Loss);

        static double[] Before(TrainingHistory history) => [.. history.Epochs.Where(e => e.Phase < TrainingPhase.ActivationShift).Select(e => e.Loss)];
    }

    [TestMethod]
    public void Where_pruning_goes_too_far_the_last_network_within_the_allowed_loss_has_the_last_retraining()
    {
        TranslationOptions options = TinyCorpus.Options(1);
        options.GrowAndPrune = Pruning with { InterimLoss = 0 };

        TrainingHistoryEntry[] epochs = Run(options, metrics: [100, 95, 60, 96, 94, 97], out TrainingRun run, out long active);

        // Half of the connections are within the allowed loss, a quarter is not: half of them are trained on, from their best.
        Assert.AreEqual(6, epochs.Length);
        CollectionAssert.AreEqual((double[])[1, 0.5, 0.25, 0.5, 0.5, 0.5], Shares(epochs));
        Assert.AreEqual(97, run.Metric);
        Assert.AreEqual(epochs[^1].ActiveConnections, active);
        Assert.Contains("BLEU is 60.00; at least 90.00 is allowed. The last network within that is trained on", run.History.Decisions.Single());
    }

    [TestMethod]
    public void A_last_retraining_without_a_better_epoch_leaves_the_network_as_it_was()
    {
        TranslationOptions options = TinyCorpus.Options(1);
        options.GrowAndPrune = Pruning with { InterimLoss = 0 };

        _ = Run(options, metrics: [100, 95, 60, 93, 94, 92], out TrainingRun run, out _);

        Assert.AreEqual(95, run.Metric);
    }

    [TestMethod]
    [DataRow(99.0, 0.125, 99.0, "")]
    [DataRow(80.0, 1.0, 100.0, "The network before pruning is returned.")]
    public void A_network_within_the_interim_loss_is_pruned_further_and_not_returned(double last, double share, double metric, string decision)
    {
        TranslationOptions options = TinyCorpus.Options(1);
        options.GrowAndPrune = Pruning with { InterimLoss = 0.2 };

        TrainingHistoryEntry[] epochs = Run(options, metrics: [100, 85, 75, 50, 60, last], out TrainingRun run, out long active);

        CollectionAssert.AreEqual((double[])[1, 0.5, 0.25, 0.125, 0.125, 0.125], Shares(epochs));
        Assert.AreEqual(metric, run.Metric);
        Assert.AreEqual(share, (double)active / epochs[0].ActiveConnections, 0.02);
        Assert.EndsWith(decision, string.Concat(run.History.Decisions));
    }

    [TestMethod]
    public void More_epochs_are_planned_where_the_network_before_the_last_is_trained_to_its_end()
    {
        TranslationOptions options = TinyCorpus.Options(1);
        options.GrowAndPrune = Pruning with { PruningRounds = 2 };
        int planned = 0;
        options.Progress = new Reporter(report =>
        {
            Assert.IsLessThanOrEqualTo(report.PlannedEpochs, report.Epoch);
            planned = report.PlannedEpochs;
        });

        TrainingHistoryEntry[] epochs = Run(options, metrics: [100, 95, 60, 60, 60, 94, 94, 96], out TrainingRun run, out _);

        Assert.AreEqual((8, 8, 96), (epochs.Length, planned, run.Metric));
    }

    [TestMethod]
    public void Nothing_grows_that_would_not_be_trained()
    {
        TranslationOptions options = TinyCorpus.Options(2);
        options.GrowAndPrune = Schedule with { PruningRounds = 0, ActivationShift = false, GrowthRounds = 2 };
        using var tiny = new TinyTraining(options);
        int batches = 0;

        TrainingRun run = tiny.Run(new WatchedNetwork(tiny.Training, (call, loss) =>
        {
            batches = call;
            return loss;
        }));
        run.Train();

        // One round after the first of two epochs, and no batch of growth after the second.
        int perEpoch = (int)Math.Ceiling((double)tiny.Pairs.Length / options.BatchSize);
        Assert.AreEqual((2 * perEpoch) + Math.Min(perEpoch, options.GrowAndPrune.GrowthBatches), batches);
        Assert.IsGreaterThan(run.History.Epochs[0].ActiveConnections, run.History.Epochs[1].ActiveConnections);
    }

    private static GrowAndPruneSchedule Pruning { get; } = GrowAndPruneSchedule.None with
    {
        Matrices = MaskedMatrices.All,
        PruningRatio = 0.5,
        PruningRounds = 3,
        RecoveryEpochs = 1,
        FinalRecoveryEpochs = 3,
        AllowedLoss = 0.1,
        TargetDensity = 0.1,
    };

    /// <summary>Trains with these metrics, one an epoch.</summary>
    private static TrainingHistoryEntry[] Run(TranslationOptions options, double[] metrics, out TrainingRun run, out long active)
    {
        using var tiny = new TinyTraining(options);
        int epoch = 0;
        run = tiny.Run(new WatchedNetwork(tiny.Training, (_, loss) => loss, _ => metrics[epoch++]));
        run.Train();
        active = tiny.Training.Parameters.Sum(parameter => (long)(parameter.Matrix?.ActiveCount ?? 0));
        TrainingHistoryEntry returned = run.History.Epochs.Last(entry => entry.Best);
        Assert.AreEqual((run.Metric, active), (returned.Metric, returned.ActiveConnections));
        return [.. run.History.Epochs];
    }

    private static double[] Shares(TrainingHistoryEntry[] epochs) => [.. epochs.Select(epoch => Math.Round(8.0 * epoch.ActiveConnections / epoch.Connections) / 8)];

    private static TranslationTransformer Fit(TranslationOptions options)
    {
        var mlContext = new MLContext(1);
        return mlContext.Translation.Trainers.HLstm(options).Fit(TinyCorpus.Load(mlContext));
    }
}
