using Microsoft.ML.HLstm.GrowAndPrune;
using Microsoft.ML.HLstm.Tests.GrowAndPrune;
using Microsoft.ML.HLstm.Tests.Tasks.Translation;
using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Tests.Training;

/// <summary>How a run chooses a pattern by latencies; a real network trains, and the test says how fast and how good it is.</summary>
[TestClass]
public class FastestPatternTests
{
    private static GrowAndPruneSchedule Schedule { get; } = GrowAndPruneSchedule.Fast with
    {
        SeedDensity = 1,
        GrowthRounds = 0,
        ActivationShift = false,
        PruningRatio = 0.5,
        PruningRounds = 10,
        RecoveryEpochs = 1,
        FinalRecoveryEpochs = 1,
        AllowedLoss = 0.1,
        TargetDensity = 0.1,
        EmbeddingTargetDensity = null,
    };

    [TestMethod]
    [DataRow(0.1, 0.3, SparsityPattern.Blocks16x1)]
    [DataRow(0.6, 0.1, SparsityPattern.Balanced32)]
    [DataRow(3.0, 3.0, SparsityPattern.Unstructured)]
    public void The_pattern_that_is_fastest_at_the_target_is_pruned_down_to_it(double blocks, double balanced, SparsityPattern expected)
    {
        using var tiny = new TinyTraining(Options());

        TrainingRun run = Train(tiny, Latency(blocks, balanced), _ => true);

        Assert.AreEqual(expected, run.Pattern);
        foreach (MaskedMatrix matrix in Matrices(tiny))
        {
            Patterns.AssertHold(matrix);
            Assert.IsTrue(Pruning.HasReached(matrix, Schedule.TargetDensity), matrix.Name);
        }

        Assert.Contains($"pruning by {expected}", run.History.Decisions[0]);
        Assert.Contains($"The model to return is {expected}.", run.History.ToTable());
    }

    [TestMethod]
    public void A_pattern_outside_the_allowed_loss_is_followed_by_the_next_fastest_from_the_same_network()
    {
        using var tiny = new TinyTraining(Options());

        TrainingRun run = Train(tiny, Latency(0.1, 0.3), network => network.Pattern != SparsityPattern.Blocks16x1);

        Assert.AreEqual(SparsityPattern.Balanced32, run.Pattern);
        double[] densities = [.. run.History.Epochs.Where(e => e.Phase == TrainingPhase.Prune).Select(e => (double)e.ActiveConnections / e.Connections)];
        Assert.AreEqual(0.5, densities[0], 0.05);
        Assert.AreEqual(0.5, densities[1], 0.05);
        Assert.IsLessThan(0.3, densities[2]);
    }

    [TestMethod]
    [DataRow(0.05, SparsityPattern.Blocks16x1, 0.5, "nothing more is tried")]
    [DataRow(0.2, SparsityPattern.Balanced32, 0.14, "pruning by Balanced32")]
    public void A_pattern_that_ends_before_the_target_is_left_only_for_one_that_can_be_faster(double blocks, SparsityPattern expected, double density, string decision)
    {
        using var tiny = new TinyTraining(Options());

        TrainingRun run = Train(tiny, Latency(blocks, 0.3), network => network.Pattern != SparsityPattern.Blocks16x1 || network.Density > 0.4);

        Assert.AreEqual(expected, run.Pattern);
        Assert.AreEqual(density, State(tiny).Density, 0.05);
        Assert.Contains(decision, run.History.Decisions[1]);
    }

    [TestMethod]
    public void What_ends_slower_than_another_pattern_is_not_returned()
    {
        using var tiny = new TinyTraining(Options());

        TrainingRun run = Train(tiny, Latency(0.5, 0.3), network => network.Density > 0.4);

        // All end at half of the connections; unstructured could have been faster at the target than balanced at half.
        Assert.HasCount(4, run.History.Decisions);
        Assert.Contains("pruning by Unstructured", run.History.Decisions[2]);
        Assert.AreEqual(SparsityPattern.Balanced32, run.Pattern);
        Assert.AreEqual(0.5, State(tiny).Density, 0.05);
    }

    [TestMethod]
    public void Pruning_ends_where_it_makes_nothing_faster()
    {
        using TinyTraining tiny = new(Options()), never = new(Options());

        Train(tiny, candidates => [.. candidates.Select(c => Math.Max(0.3, Density(c)))], _ => true);
        TrainingHistory history = Train(never, candidates => [.. candidates.Select(_ => 1.0)], _ => true).History;

        Assert.AreEqual(0.25, State(tiny).Density, 0.05);
        Assert.IsTrue(history.Epochs.All(epoch => epoch.Phase == TrainingPhase.Train));
        Assert.AreEqual(1, State(never).Density);
        Assert.Contains("the one before pruning", history.Decisions[^1]);
    }

    [TestMethod]
    public void A_named_pattern_is_never_measured()
    {
        TranslationOptions options = Options();
        options.GrowAndPrune = Schedule with { Pattern = SparsityPattern.Balanced32 };
        using var tiny = new TinyTraining(options);

        TrainingRun run = Train(tiny, _ => throw new InvalidOperationException("Measured."), _ => true);

        Assert.AreEqual(SparsityPattern.Balanced32, run.Pattern);
        Assert.IsEmpty(run.History.Decisions);
    }

    [TestMethod]
    public void The_same_latencies_give_the_same_weights()
    {
        using TinyTraining first = new(Options()), second = new(Options());

        Train(first, Latency(0.5, 0.3), network => network.Density > 0.4);
        Train(second, Latency(0.5, 0.3), network => network.Density > 0.4);

        foreach ((TrainedParameter a, TrainedParameter b) in first.Training.Parameters.Zip(second.Training.Parameters))
            CollectionAssert.AreEqual(a.Values.ToArray(), b.Values.ToArray());
    }

    [TestMethod]
    public void The_preset_measures_the_kernels_that_score()
    {
        TranslationOptions options = TinyCorpus.Options(3);
        options.GrowAndPrune = GrowAndPruneSchedule.Fast with { PruningRounds = 1, RecoveryEpochs = 1, FinalRecoveryEpochs = 1, AllowedLoss = 1 };
        var mlContext = new MLContext(1);

        TrainingHistory history = mlContext.Translation.Trainers.HLstm(options).Fit(TinyCorpus.Load(mlContext)).History;

        foreach (SparsityPattern pattern in new[] { SparsityPattern.Unstructured, SparsityPattern.Blocks16x1, SparsityPattern.Balanced32 })
            Assert.Contains(pattern.ToString(), history.Decisions[0]);
    }

    private static TranslationOptions Options()
    {
        TranslationOptions options = TinyCorpus.Options(1);
        options.GrowAndPrune = Schedule;
        return options;
    }

    /// <summary>Latency in proportion to active connections: 1 for each unstructured one.</summary>
    private static Func<IReadOnlyList<PatternCandidate>, double[]> Latency(double blocks, double balanced) => candidates =>
        [.. candidates.Select(c => Density(c) * (c.Pattern switch { SparsityPattern.Blocks16x1 => blocks, SparsityPattern.Balanced32 => balanced, _ => 1 }))];

    private static double Density(PatternCandidate candidate) =>
        (double)candidate.Matrices.Sum(matrix => matrix.ActiveConnections) / candidate.Matrices.Sum(matrix => matrix.Values.Length);

    /// <summary>Trains with a metric of 100 where the network is good, and of 50 where it is not.</summary>
    private static TrainingRun Train(TinyTraining tiny, Func<IReadOnlyList<PatternCandidate>, double[]> latency, Func<(SparsityPattern Pattern, double Density), bool> isGood)
    {
        TrainingRun run = tiny.Run(new WatchedNetwork(tiny.Training, (_, loss) => loss, _ => isGood(State(tiny)) ? 100 : 50), latency);
        run.Train();
        return run;
    }

    private static IEnumerable<MaskedMatrix> Matrices(TinyTraining tiny) => tiny.Training.Parameters.Select(p => p.Matrix).OfType<MaskedMatrix>();

    private static (SparsityPattern Pattern, double Density) State(TinyTraining tiny) =>
        (Matrices(tiny).First().Pattern, (double)Matrices(tiny).Sum(m => m.ActiveCount) / Matrices(tiny).Sum(m => m.Count));
}
