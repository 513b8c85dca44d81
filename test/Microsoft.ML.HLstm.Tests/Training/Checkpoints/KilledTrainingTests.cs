using System.Diagnostics;
using Microsoft.ML.HLstm.Tests.TestSupport;
using Microsoft.ML.HLstm.Training.Checkpoints;
using Samples;

namespace Microsoft.ML.HLstm.Tests.Training.Checkpoints;

/// <summary>Real processes that are killed while they train. The benchmark <c>resume</c> kills 20 runs once each; here it is one run.</summary>
[TestClass]
public class KilledTrainingTests
{
    private const int Kills = 20;

    [TestMethod]
    public void A_run_that_is_killed_twenty_times_ends_as_one_that_never_was()
    {
        using var folder = new TempFolder();
        string checkpoints = folder.PathOf("checkpoints"), model = folder.PathOf("model.zip");
        string latest = Path.Combine(checkpoints, TrainingCheckpoints.LatestName), unfinished = Path.Combine(checkpoints, TrainingCheckpoints.UnfinishedName);
        var random = new Random(1);
        int whileWriting = 0;
        for (int kills = 0; kills < Kills; kills++)
        {
            using Process process = FreshProcess.Start(CheckpointedRun.Train, checkpoints, model);
            DateTime before = File.GetLastWriteTimeUtc(latest);
            Wait(process, () => File.GetLastWriteTimeUtc(latest) != before);
            // By turns at any moment and in the middle of writing, which may just have ended when the signal arrives.
            if (kills % 2 == 0)
                Thread.Sleep(random.Next(50));
            else
                Wait(process, () => File.Exists(unfinished));
            process.Kill();
            process.WaitForExit();
            whileWriting += File.Exists(unfinished) ? 1 : 0;
            Assert.IsNull(CheckpointFile.Damage(File.Exists(latest) ? latest : Path.Combine(checkpoints, TrainingCheckpoints.PreviousName)));
            Assert.IsFalse(File.Exists(model));
        }

        FreshProcess.Run(CheckpointedRun.Train, checkpoints, model);

        Assert.IsGreaterThan(0, whileWriting);
        CollectionAssert.AreEqual(CheckpointedRun.Weights(CheckpointedRun.Options(null)), CheckpointedRun.WeightsOf(model));
    }

    private static void Wait(Process process, Func<bool> until)
    {
        for (int i = 1; !until(); i++)
        {
            // Asking for the process takes longer than looking for a file.
            if (i % 1000 == 0)
                Assert.IsFalse(process.HasExited, "It ended before it could be killed.");
        }
    }
}
