using Microsoft.ML.HLstm;
using Microsoft.ML.HLstm.Tests.Tasks.Translation;
using Samples.Commands;

namespace Samples;

[TestClass]
public sealed class AblationTests
{
    [TestMethod]
    public void TheFourSchedulesDifferInGrowthAndPruningAlone()
    {
        IReadOnlyList<AblationVariant> variants = AblationVariant.Of(GrowAndPruneSchedule.Compact);
        GrowAndPruneSchedule both = GrowAndPruneSchedule.Compact with { AllowedLoss = 1 };

        Assert.AreEqual(both, variants[0].Schedule);
        Assert.AreEqual(both with { SeedDensity = 1, GrowthRounds = 0 }, variants[1].Schedule);
        Assert.AreEqual(both with { PruningRounds = 0 }, variants[2].Schedule);
        Assert.AreEqual(GrowAndPruneSchedule.None with { ActivationShift = true }, variants[3].Schedule);
        CollectionAssert.AreEqual(new[] { true, true, false, false }, variants.Select(variant => variant.Prunes).ToArray());
    }

    [TestMethod]
    public void RunsWithoutPruningHaveTheEpochsAndTheShiftOfThoseBefore()
    {
        TrainingHistoryEntry[] epochs = [.. new[] { TrainingPhase.Train, TrainingPhase.ActivationShift, TrainingPhase.ActivationShift, TrainingPhase.Prune }
            .Select((phase, i) => new TrainingHistoryEntry(phase, i + 1, 1, 1, 1, 1, 1, 1, 1, true))];
        List<(int? Epochs, int ShiftEpochs)> trained = [];
        var ablation = new Ablation(AblationVariant.Of(GrowAndPruneSchedule.Compact), (schedule, change) =>
        {
            var options = new TranslationOptions { GrowAndPrune = schedule };
            change(options);
            trained.Add((options.Epochs, options.GrowAndPrune.ShiftEpochs));
            return new TrainedModel(null!, Algorithm.HLstm, options, new TrainingHistory("BLEU", epochs), null!);
        });

        _ = ablation.Run().Count();

        CollectionAssert.AreEqual(new (int?, int)[] { (null, 1), (null, 1), (2, 2), (2, 2) }, trained);
    }

    [TestMethod]
    public void OneCommandTrainsFourModelsOfOneBudgetAndComparesThem()
    {
        using var folder = new TempFolder();
        string data = folder.Write("a.tsv", string.Concat(TinyCorpus.Rows.Select(row => $"{row.English}\t{row.German}\n")));
        string[] options = ["--goal", "compact", "--subwords", "false", "--state-size", "12", "--embedding-size", "12", "--batch-size", "10", "--learning-rate", "0.02", "--epochs", "4",
            "--growth-rounds", "2", "--pruning-rounds", "2", "--pruning-ratio", "0.5", "--recovery-epochs", "1", "--final-epochs", "2", "--target-density", "0.1", "--threads", "1"];

        int code = SampleCommandLine.Run(["translate", "train", "--data", data, "--ablation", "--model", folder.PathOf("m.zip"), "--report", folder.PathOf("report"), "--checkpoints", folder.PathOf("checkpoints"), .. options], Console.Error);

        Assert.AreEqual(0, code);
        string[][] rows = [.. File.ReadAllLines(folder.PathOf("report/ablation.csv")).Select(line => line.Split(','))];
        CollectionAssert.AreEqual(new[] { "training", "both", "pruning only", "growth only", "neither" }, rows.Select(row => row[0]).ToArray());
        long[] Column(int column) => [.. rows.Skip(1).Select(row => long.Parse(row[column]))];
        // 4 of training, 1 after the activation shift, 1 and 2 after pruning.
        CollectionAssert.AreEqual(new long[] { 8, 8, 8, 8 }, Column(1));
        long[] parameters = Column(3);
        Assert.IsLessThan(parameters[2], parameters[0]);
        Assert.IsLessThan(parameters[3], parameters[1]);
        Assert.IsLessThan(parameters[3], parameters[2]);
        Assert.HasCount(6, File.ReadAllLines(folder.PathOf("report/ablation.md")));
        foreach (string name in (string[])["both", "pruning-only", "growth-only", "neither"])
        {
            Assert.IsTrue(File.Exists(folder.PathOf($"report/{name}/report.html")));
            Assert.IsTrue(File.Exists(folder.PathOf($"report/{name}/history.png")));
            Assert.IsTrue(File.Exists(folder.PathOf($"m-{name}.zip")));
            Assert.IsTrue(Directory.Exists(folder.PathOf($"checkpoints/{name}")));
        }
    }
}
