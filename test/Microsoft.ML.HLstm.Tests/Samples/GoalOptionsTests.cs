using System.CommandLine;
using Microsoft.ML.HLstm;
using Samples.Commands;

namespace Samples;

[TestClass]
public sealed class GoalOptionsTests
{
    [TestMethod]
    public void TheCellChoosesTheDefaultGoal()
    {
        Assert.AreEqual(GrowAndPruneSchedule.Accurate, Read(Algorithm.HLstm));
        Assert.AreEqual(GrowAndPruneSchedule.None, Read(Algorithm.Lstm));
        Assert.AreEqual(GrowAndPruneSchedule.Fast, Read(Algorithm.Lstm, "--goal", "fast"));
        Assert.AreEqual(GrowAndPruneSchedule.None, Read(Algorithm.HLstm, "--goal", "none"));
    }

    [TestMethod]
    public void OptionsChangeThePresetAndNothingElse() => Assert.AreEqual(
        GrowAndPruneSchedule.Compact with
        {
            Pattern = SparsityPattern.Balanced32,
            TargetDensity = 0.1,
            PruningRatio = 0.2,
            PruningRounds = 7,
            RecoveryEpochs = 4,
            AllowedLoss = 0.02,
            InterimLoss = 0.3,
            ScaleDropout = false,
            SeedDensity = 0.6,
            GrowthRounds = 5,
        },
        Read(Algorithm.HLstm, "--goal", "Compact", "--pattern", "balanced32", "--target-density", "0.1", "--pruning-ratio", "0.2", "--pruning-rounds", "7",
            "--recovery-epochs", "4", "--allowed-loss", "0.02", "--interim-loss", "0.3", "--scale-dropout", "false", "--seed-density", "0.6", "--growth-rounds", "5"));

    private static GrowAndPruneSchedule Read(Algorithm algorithm, params string[] args)
    {
        var goal = new GoalOptions();
        var command = new RootCommand();
        foreach (Option option in goal.Options)
            command.Options.Add(option);
        return goal.Read(command.Parse(args), algorithm);
    }
}
