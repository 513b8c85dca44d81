using Microsoft.ML.HLstm.Tests.Tasks.Translation;
using Microsoft.ML.HLstm.Tests.TestSupport;
using Microsoft.ML.HLstm.Training.Checkpoints;
using Samples;

namespace Microsoft.ML.HLstm.Tests.Training.Checkpoints;

/// <summary>What a run does not go on from, and how it says so.</summary>
[TestClass]
public class RefusalTests
{
    [TestMethod]
    public void Other_options_are_named_with_both_values_and_some_may_differ()
    {
        using var folder = new TempFolder();
        Fit(Options(folder));
        TranslationOptions rate = Options(folder), schedule = Options(folder), task = Options(folder), allowed = Options(folder);
        rate.LearningRate = 0.03;
        schedule.GrowAndPrune = schedule.GrowAndPrune with { PruningRatio = 0.4 };
        task.GateHiddenSize = 5;
        (allowed.Threads, allowed.ReturnBestOnCancel, allowed.CheckpointInterval) = (2, true, TimeSpan.FromHours(1));
        allowed.Decoding = allowed.Decoding with { Threads = 2 };

        string message = Refused(rate);
        Assert.Contains("LearningRate=0.02", message);
        Assert.Contains("LearningRate=0.03", message);
        Assert.Contains(folder.Path, message);
        Assert.Contains("GrowAndPrune.PruningRatio=0.4", Refused(schedule));
        Assert.Contains("GateHiddenSize=5", Refused(task));
        Assert.HasCount(1, Fit(allowed).History.Epochs);
    }

    [TestMethod]
    public void Other_data_and_another_initial_model_are_named()
    {
        using var folder = new TempFolder();
        TranslationTransformer model = Fit(Options(folder));
        SentenceRow[] rows = [.. TinyCorpus.Rows];
        rows[7] = new SentenceRow { German = rows[7].German, English = rows[7].English + " !" };
        TranslationOptions validated = Options(folder);
        validated.ValidationSet = TinyCorpus.Load(new MLContext(1));

        Assert.Contains("other training or validation data", Refused(Options(folder), rows));
        Assert.Contains("other training or validation data", Refused(validated));
        Assert.Contains("no initial model", Refused(Options(folder), initial: model));
    }

    [TestMethod]
    public void Another_format_version_and_damage_are_named()
    {
        using var folder = new TempFolder();
        Fit(Options(folder));
        File.Delete(Path.Combine(Options(folder).CheckpointFolder!, TrainingCheckpoints.PreviousName));
        string latest = Path.Combine(Options(folder).CheckpointFolder!, TrainingCheckpoints.LatestName);
        byte[] whole = File.ReadAllBytes(latest);
        void Change(int at, byte value)
        {
            byte[] bytes = [.. whole];
            bytes[at] = value;
            File.WriteAllBytes(latest, bytes);
        }

        Change(8, 77);
        Assert.Contains("format version 77, and this program reads version 3", Refused(Options(folder)));
        Change(0, 1);
        Assert.Contains("does not begin with the mark", Refused(Options(folder)));
        foreach (int at in (int[])[10, 60, whole.Length / 2, whole.Length - 1])
        {
            Change(at, (byte)(whole[at] ^ 1));
            Assert.Contains("checksum does not match", Refused(Options(folder)));
        }

        foreach (int length in (int[])[0, 9, 12, whole.Length / 2, whole.Length - 1])
        {
            File.WriteAllBytes(latest, whole[..length]);
            Assert.Contains("cannot be read", Refused(Options(folder)));
        }
    }

    [TestMethod]
    public void A_folder_that_is_in_use_or_none_is_named()
    {
        using var folder = new TempFolder();
        TranslationOptions first = Options(folder), file = Options(folder);
        string? message = null;
        first.Progress = new Reporter(_ => message ??= Refused(Options(folder)));
        file.CheckpointFolder = Path.Combine(folder.Write("file", ""), "inside");

        Fit(first);

        Assert.Contains("another run is using it", message!);
        Assert.Contains("cannot be made", Refused(file));
    }

    private static TranslationOptions Options(TempFolder folder)
    {
        TranslationOptions options = TinyCorpus.Options(1);
        options.CheckpointFolder = folder.PathOf("checkpoints");
        return options;
    }

    private static TranslationTransformer Fit(TranslationOptions options, IEnumerable<SentenceRow>? rows = null, TranslationTransformer? initial = null)
    {
        var mlContext = new MLContext(1);
        TranslationTrainer trainer = mlContext.Translation.Trainers.HLstm(options);
        return initial is null ? trainer.Fit(TinyCorpus.Load(mlContext, rows)) : trainer.Fit(TinyCorpus.Load(mlContext, rows), initial);
    }

    private static string Refused(TranslationOptions options, IEnumerable<SentenceRow>? rows = null, TranslationTransformer? initial = null)
    {
        var refusal = Assert.Throws<CheckpointException>(() => Fit(options, rows, initial));
        Assert.AreEqual(Path.GetFullPath(options.CheckpointFolder!), refusal.Folder);
        return refusal.Message;
    }
}
