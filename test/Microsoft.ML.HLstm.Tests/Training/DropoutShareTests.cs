using Microsoft.ML.HLstm.GrowAndPrune;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tests.Tasks.Translation;
using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Tests.Training;

/// <summary>Dropout of sparse networks (<see cref="GrowAndPruneSchedule.ScaleDropout"/>).</summary>
[TestClass]
public class DropoutShareTests
{
    [ClassInitialize]
    public static void LoadTorch(TestContext _) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    [DataRow("translation")]
    [DataRow("captions")]
    [DataRow("speech")]
    public void A_share_of_the_dropout_is_that_much_less_dropout_everywhere_in_the_network(string task)
    {
        double whole = TaskLoss.Of(task, 1, 0.5f).Loss, less = TaskLoss.Of(task, 1, 0.125f).Loss;

        Assert.AreNotEqual(whole, less, 1e-3);
        Assert.AreEqual(less, TaskLoss.Of(task, 1, 0.5f, share: 0.25).Loss, 1e-6);
        Assert.AreEqual(TaskLoss.Of(task, 1, 0).Loss, TaskLoss.Of(task, 1, 0.5f, share: 0).Loss, 1e-6);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void An_epoch_drops_the_square_root_of_the_share_of_active_connections(bool scale)
    {
        TranslationOptions options = TinyCorpus.Options(1);
        options.GrowAndPrune = GrowAndPruneSchedule.Compact with { ScaleDropout = scale };
        using var tiny = new TinyTraining(options);
        var random = new Random(1);
        foreach (TrainedParameter parameter in tiny.Training.Parameters.Where(p => p.Matrix is not null))
        {
            Seeding.Random(parameter.Matrix!, 0.25, random);
            parameter.ApplyMask();
        }

        var shares = new List<double>();
        tiny.Runner(Watched(tiny, shares)).Run(TrainingPhase.Prune, 1, _ => 0.001);

        Assert.AreEqual(scale ? 0.5 : 1, shares.Distinct().Single(), 0.01);
    }

    [TestMethod]
    public void A_run_drops_less_after_every_round_of_pruning()
    {
        TranslationOptions options = TinyCorpus.Options(2);
        options.GrowAndPrune = GrowAndPruneSchedule.None with
        {
            Matrices = MaskedMatrices.All,
            PruningRatio = 0.75,
            PruningRounds = 2,
            RecoveryEpochs = 1,
            AllowedLoss = 1,
            TargetDensity = 0.01,
        };
        using var tiny = new TinyTraining(options);
        var shares = new List<double>();
        tiny.Run(Watched(tiny, shares)).Train();

        double[] distinct = [.. shares.Distinct()];
        Assert.HasCount(3, distinct);
        foreach ((double expected, double share) in ((double[])[1, 0.5, 0.25]).Zip(distinct))
            Assert.AreEqual(expected, share, 0.01);
    }

    [TestMethod]
    public void Without_masked_matrices_dropout_is_what_the_options_say()
    {
        using var tiny = new TinyTraining(TinyCorpus.Options(1));
        var shares = new List<double>();
        tiny.Runner(Watched(tiny, shares)).Run(TrainingPhase.Train, 1, _ => 0.001);

        Assert.AreEqual(1, shares.Distinct().Single());
    }

    /// <summary>A network whose parts tell their shares with every loss.</summary>
    private static WatchedNetwork Watched(TinyTraining tiny, List<double> shares) => new(tiny.Training, (_, loss) =>
    {
        shares.AddRange([tiny.Network.DropoutShare, .. tiny.Network.modules().OfType<HLstmCell>().Select(cell => cell.DropoutShare)]);
        return loss;
    });
}
