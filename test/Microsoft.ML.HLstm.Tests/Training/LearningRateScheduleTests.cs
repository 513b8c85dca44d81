using Microsoft.ML.HLstm.Tests.Tasks.Translation;
using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Tests.Training;

[TestClass]
public class LearningRateScheduleTests
{
    [TestMethod]
    public void The_cosine_falls_to_zero_over_all_epochs_whatever_the_metric_does()
    {
        const int Epochs = 5;
        TranslationOptions options = TinyCorpus.Options(Epochs);
        (options.LearningRateSchedule, options.EarlyStoppingPatience, options.LearningRate) = (LearningRateSchedule.Cosine, 1, 1e-3);

        TranslationTransformer model = new MLContext(1).Translation.Trainers.Lstm(options).Fit(TinyCorpus.Load(new MLContext(1)));

        double[] expected = [.. Enumerable.Range(0, Epochs).Select(epoch => 0.5e-3 * (1 + Math.Cos(Math.PI * epoch / Epochs)))];
        double[] found = [.. model.History.Epochs.Select(epoch => epoch.LearningRate)];
        Assert.HasCount(Epochs, found);
        for (int i = 0; i < Epochs; i++)
            Assert.AreEqual(expected[i], found[i], 1e-15);
    }

    [TestMethod]
    public void Where_the_metric_stands_still_the_learning_rate_falls_and_then_training_ends()
    {
        TranslationOptions options = TinyCorpus.Options(30);
        (options.PlateauPatience, options.EarlyStoppingPatience, options.LearningRate, options.LearningRateDecay) = (2, 5, 1e-3, 0.25);
        using var tiny = new TinyTraining(options);
        double[] metrics = [10, 20, 20, 19, 21, 21, 21, 21, 20, 18];
        int epoch = 0;
        TrainingRun run = tiny.Run(new WatchedNetwork(tiny.Training, (_, loss) => loss, _ => metrics[epoch++]));

        run.Train();

        // Two epochs without a better metric make it fall, five end the training.
        CollectionAssert.AreEqual(metrics, run.History.Epochs.Select(e => e.Metric).ToArray());
        CollectionAssert.AreEqual((double[])[1e-3, 1e-3, 1e-3, 1e-3, 2.5e-4, 2.5e-4, 2.5e-4, 6.25e-5, 6.25e-5, 1.5625e-5], run.History.Epochs.Select(e => e.LearningRate).ToArray());
        Assert.AreEqual(21, run.Metric);
    }

    [TestMethod]
    public void The_last_retraining_goes_through_the_cosine_and_the_warm_up_once_more()
    {
        const double Rate = 1e-3;
        TranslationOptions options = TinyCorpus.Options(2);
        (options.LearningRateSchedule, options.LearningRate, options.WarmupSteps, options.BatchSize) = (LearningRateSchedule.Cosine, Rate, 2, 1000);
        options.GrowAndPrune = GrowAndPruneSchedule.None with { Matrices = MaskedMatrices.All, PruningRounds = 2, PruningRatio = 0.2, RecoveryEpochs = 1, FinalRecoveryEpochs = 4, AllowedLoss = 1 };
        using var tiny = new TinyTraining(options);
        List<float[][]> weights = [];
        float[][] Weights() => [.. tiny.Training.Parameters.Select(parameter => parameter.Values.ToArray())];
        TrainingRun run = tiny.Run(new WatchedNetwork(tiny.Training, (_, loss) =>
        {
            weights.Add(Weights());
            return loss;
        }));

        run.Train();

        double[] expected = [Rate, Rate / 2, Rate / 2, .. Enumerable.Range(0, 4).Select(epoch => 0.5 * Rate * (1 + Math.Cos(Math.PI * epoch / 4)))];
        double[] found = [.. run.History.Epochs.Select(epoch => epoch.LearningRate)];
        Assert.HasCount(expected.Length, found);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], found[i], 1e-15);
        // One batch an epoch. Adam's first step changes every weight that has a gradient by the rate, of which the first of two steps of warm-up has half; the recovery before has no warm-up.
        Assert.AreEqual(0.5 * Rate, Most(weights[3], weights[4]), 1e-3 * Rate);

        static float Most(float[][] before, float[][] after) => before.Zip(after).Max(pair => pair.First.Zip(pair.Second).Max(values => Math.Abs(values.First - values.Second)));
    }

    [TestMethod]
    [DataRow(0, 1, 1.0)]
    [DataRow(10, 1, 0.1)]
    [DataRow(10, 4, 0.4)]
    [DataRow(10, 10, 1.0)]
    [DataRow(10, 25, 1.0)]
    [DataRow(1000, 3, 0.2)]
    public void The_learning_rate_rises_from_step_to_step_while_it_warms_up(int warmupSteps, int step, double share)
    {
        const double Rate = 1e-3;
        TranslationOptions options = TinyCorpus.Options(30);
        // Thirty steps in all, one batch an epoch, so that the epoch is the step. Adam's first step changes every weight that has a gradient by the rate.
        (options.WarmupSteps, options.BatchSize) = (warmupSteps, 1000);
        using var tiny = new TinyTraining(options);
        float[][] before = [.. tiny.Training.Parameters.Select(parameter => parameter.Values.ToArray())];

        _ = tiny.Runner().Run(TrainingPhase.Train, step, _ => Rate, new WarmUp(step - 1, options.Epochs!.Value));

        float most = tiny.Training.Parameters.Zip(before).Max(pair => pair.Second.Zip(pair.First.Values.ToArray()).Max(values => Math.Abs(values.Second - values.First)));
        Assert.AreEqual(share * Rate, most, 1e-3 * Rate);
    }

    [TestMethod]
    public void A_schedule_that_is_none_is_refused_by_name()
    {
        TranslationOptions options = TinyCorpus.Options(1);
        options.LearningRateSchedule = (LearningRateSchedule)7;

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new MLContext(1).Translation.Trainers.Lstm(options));

        StringAssert.Contains(error.Message, "LearningRateSchedule is 7; allowed is one of Plateau, Cosine");
    }
}
