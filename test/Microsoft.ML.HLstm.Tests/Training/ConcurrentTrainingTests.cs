using Microsoft.ML.HLstm.Tests.Tasks.Translation;
using TorchSharp;

namespace Microsoft.ML.HLstm.Tests.Training;

/// <summary>Trainings at once in one process.</summary>
[TestClass]
public class ConcurrentTrainingTests
{
    [TestMethod]
    public void Two_trainings_at_once_give_what_each_gives_alone()
    {
        TranslationOptions[] options = [Options(seed: 1, threads: 1), Options(seed: 2, threads: 2)];
        byte[][] alone = [.. options.Select(TinyModel.TrainedWeights)];
        int threads = torch.get_num_threads();
        using var together = new Barrier(options.Length);
        Exception? failure = null;
        byte[][] atOnce = new byte[options.Length][];
        Thread[] workers = [.. options.Select((option, i) => new Thread(() =>
        {
            // They wait for each other before every epoch, so that all of their phases overlap.
            option.Progress = new Meeting(together);
            try
            {
                atOnce[i] = TinyModel.TrainedWeights(option);
            }
            catch (Exception thrown)
            {
                failure = thrown;
            }

            together.RemoveParticipant();
        }))];

        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());

        Assert.IsNull(failure, failure?.ToString());
        for (int i = 0; i < options.Length; i++)
            CollectionAssert.AreEqual(alone[i], atOnce[i]);
        CollectionAssert.AreNotEqual(alone[0], alone[1]);
        Assert.AreEqual(threads, torch.get_num_threads());
    }

    [TestMethod]
    public void The_number_of_threads_changes_no_weight() =>
        CollectionAssert.AreEqual(TinyModel.TrainedWeights(Options(seed: 3, threads: 1)), TinyModel.TrainedWeights(Options(seed: 3, threads: 2)));

    private static TranslationOptions Options(int seed, int threads)
    {
        TranslationOptions options = TinyCorpus.Options(5);
        (options.Seed, options.Threads, options.Dropout, options.GateDropout) = (seed, threads, 0.2f, 0.2f);
        options.GrowAndPrune = GrowAndPruneSchedule.Compact with { GrowthBatches = 3, PruningRounds = 2, RecoveryEpochs = 1, FinalRecoveryEpochs = 1, AllowedLoss = 1 };
        return options;
    }

    private sealed class Meeting(Barrier barrier) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Batch == 1)
                barrier.SignalAndWait(TimeSpan.FromSeconds(20));
        }
    }
}
