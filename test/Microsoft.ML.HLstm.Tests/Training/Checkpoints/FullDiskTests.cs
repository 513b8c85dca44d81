using System.Runtime.InteropServices;
using Microsoft.ML.HLstm.Tests.TestSupport;
using Microsoft.ML.HLstm.Training.Checkpoints;
using Microsoft.ML.Runtime;
using Samples;

namespace Microsoft.ML.HLstm.Tests.Training.Checkpoints;

/// <summary>A disk on which nothing more can be written: the kernel refuses every byte after the first few of a file.</summary>
[TestClass]
public class FullDiskTests
{
    private const int FileSize = 1, FileSizeSignal = 25, Ignore = 1;

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void Training_goes_on_with_a_warning_and_the_last_good_checkpoint_stays()
    {
        using var folder = new TempFolder();
        string checkpoints = folder.PathOf("checkpoints");

        string[] warnings = FreshProcess.Run(TrainOnFullDisk, checkpoints, folder.PathOf("model.zip")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        // One for each of the last 7 batches of an epoch of 8, one for its end, and one for the first batch of the next.
        Assert.HasCount(9, warnings);
        Assert.IsTrue(warnings.All(warning => warning.Contains(checkpoints, StringComparison.Ordinal) && warning.Contains("Training goes on", StringComparison.Ordinal)), warnings[0]);
        CollectionAssert.AreEqual(CheckpointedRun.Weights(CheckpointedRun.Options(null)), CheckpointedRun.WeightsOf(folder.PathOf("model.zip")));
        CollectionAssert.AreEqual(CheckpointedRun.Weights(CheckpointedRun.Options(null)), CheckpointedRun.Weights(CheckpointedRun.Options(folder.PathOf("kept"))));
    }

    // In a process of its own, because the limit is the process's.
    private static string TrainOnFullDisk(string[] arguments)
    {
        (string folder, string model) = (arguments[0], arguments[1]);
        Assert.AreNotEqual(-1, Signal(FileSizeSignal, Ignore));
        var warnings = new List<string>();
        TranslationOptions options = CheckpointedRun.Options(folder);
        byte[]? last = null;
        string latest = Path.Combine(folder, TrainingCheckpoints.LatestName);
        options.Progress = new Reporter(report =>
        {
            // Reports come before the checkpoint of their batch.
            if (report is { Epoch: 6, Batch: 2 } && last is null)
            {
                last = File.ReadAllBytes(latest);
                Limit(4096);
            }
            else if (report is { Epoch: 7, Batch: 2 })
            {
                CollectionAssert.AreEqual(last, File.ReadAllBytes(latest));
                Assert.IsFalse(File.Exists(Path.Combine(folder, TrainingCheckpoints.UnfinishedName)));
                Limit(ulong.MaxValue);
                string kept = Path.Combine(Path.GetDirectoryName(folder)!, "kept");
                Directory.CreateDirectory(kept);
                File.Copy(latest, Path.Combine(kept, TrainingCheckpoints.LatestName), overwrite: true);
            }
        });
        var mlContext = new MLContext(1);
        mlContext.Log += (_, entry) =>
        {
            if (entry.Kind == ChannelMessageKind.Warning && entry.Message.Contains("No checkpoint", StringComparison.Ordinal))
                warnings.Add(entry.Message.ReplaceLineEndings(" "));
        };
        IDataView data = Tasks.Translation.TinyCorpus.Load(mlContext);
        mlContext.Model.Save(mlContext.Translation.Trainers.HLstm(options).Fit(data), data.Schema, model);
        return string.Join('\n', warnings);
    }

    private static void Limit(ulong bytes)
    {
        ulong[] limits = new ulong[2];
        Assert.AreEqual(0, GetLimit(FileSize, limits));
        limits[0] = Math.Min(bytes, limits[1]);
        Assert.AreEqual(0, SetLimit(FileSize, limits));
    }

    [DllImport("libc", EntryPoint = "signal")]
    private static extern nint Signal(int signal, nint handler);

    [DllImport("libc", EntryPoint = "getrlimit")]
    private static extern int GetLimit(int resource, [Out] ulong[] limits);

    [DllImport("libc", EntryPoint = "setrlimit")]
    private static extern int SetLimit(int resource, ulong[] limits);
}
