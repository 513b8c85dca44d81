using Microsoft.ML.HLstm.Tests.Tasks.Translation;
using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Tests.Training;

[TestClass]
public class AutomaticEpochsTests
{
    [TestMethod]
    [DataRow(29_000, 64, 14)]
    [DataRow(1_000_000, 64, 14)]
    [DataRow(3_480, 64, 110)]
    [DataRow(3_480, 32, 56)]
    [DataRow(640, 64, 200)]
    [DataRow(1, 64, 200)]
    public void Few_rows_are_trained_on_for_more_epochs(int rows, int batchSize, int epochs) =>
        Assert.AreEqual(epochs, new TranslationOptions { BatchSize = batchSize }.EpochsWith(rows));

    [TestMethod]
    [DataRow(29_000, 844, 30_000, 95)]
    [DataRow(100_000, 100_000, 100_000, 46)]
    public void The_data_that_defaults_were_measured_on_and_larger_ones(int sentences, int recordings, int captions, int hearings) => CollectionAssert.AreEqual(
        (int[])[14, hearings, 10], (int[])[new TranslationOptions().EpochsWith(sentences), new SpeechRecognitionOptions().EpochsWith(recordings), new ImageCaptioningOptions().EpochsWith(captions)]);

    [TestMethod]
    public void Epochs_that_are_named_are_trained() => Assert.AreEqual(3, new TranslationOptions { Epochs = 3 }.EpochsWith(10));

    [TestMethod]
    public void The_epochs_of_the_schedule_become_as_many_times_more()
    {
        var options = new TranslationOptions { GrowAndPrune = GrowAndPruneSchedule.Compact with { GrowthEpochs = 2, ShiftEpochs = 3, RecoveryEpochs = 4, FinalRecoveryEpochs = 5 } };

        Assert.AreEqual(options.GrowAndPrune, options.ScheduleWith(29_000));
        Assert.AreEqual(options.GrowAndPrune with { GrowthEpochs = 16, ShiftEpochs = 24, RecoveryEpochs = 31, FinalRecoveryEpochs = 39 }, options.ScheduleWith(3_480));
        options.Epochs = 110;
        Assert.AreEqual(options.GrowAndPrune, options.ScheduleWith(3_480));
        options.Epochs = null;
        options.GrowAndPrune = options.GrowAndPrune with { FinalRecoveryEpochs = null };
        Assert.IsNull(options.ScheduleWith(3_480).FinalRecoveryEpochs);
    }

    [TestMethod]
    public void A_run_trains_them_all_with_its_schedule_over_them()
    {
        TranslationOptions options = TinyCorpus.Options();
        (options.Epochs, options.BatchSize, options.LearningRate, options.LearningRateSchedule) = (null, 50, 1e-3, LearningRateSchedule.Cosine);
        using var tiny = new TinyTraining(options);
        TrainingRun run = tiny.Run(new WatchedNetwork(tiny.Training, (_, loss) => loss, _ => 1));

        run.Train();

        // Two batches an epoch.
        Assert.HasCount(200, run.History.Epochs);
        Assert.AreEqual(0.5e-3, run.History.Epochs[100].LearningRate, 1e-15);
    }
}
