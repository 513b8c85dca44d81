using Microsoft.ML.HLstm.Tests.Tasks.Translation;

namespace Microsoft.ML.HLstm.Tests.Training;

/// <summary>Training on from a trained model.</summary>
[TestClass]
public class InitialModelTests
{
    [TestMethod]
    public void It_goes_on_from_the_weights_of_the_model()
    {
        TranslationTransformer first = Fit(TinyCorpus.Options(10), null);

        TranslationTransformer second = Fit(TinyCorpus.Options(2), first), fresh = Fit(TinyCorpus.Options(2), null);

        Assert.IsLessThan(first.History.Epochs[^1].Loss, second.History.Epochs[^1].Loss);
        Assert.IsGreaterThan(second.History.Epochs[^1].Loss, fresh.History.Epochs[^1].Loss);
    }

    [TestMethod]
    public void Gates_are_half_as_wide_as_the_state_unless_the_model_has_wider_ones()
    {
        TranslationOptions options = TinyCorpus.Options(1);
        options.GateHiddenSize = null;
        Assert.AreEqual(12, Width(Fit(options, null)));
        options.GateHiddenSize = 20;
        TranslationTransformer wide = Fit(options, null);
        options.GateHiddenSize = null;

        TranslationTransformer on = Fit(options, wide);

        Assert.AreEqual(20, Width(on));
        options.GateHiddenSize = 12;
        Assert.Contains("the options ask for at most 12 x 16", Assert.Throws<ArgumentException>(() => Fit(options, wide)).Message);

        static int Width(TranslationTransformer model) => model.Model.Weights.Cells.SelectMany(cell => cell.TrunkWidths).Distinct().Single();
    }

    [TestMethod]
    public void With_no_epochs_it_goes_straight_on_to_pruning_what_was_trained()
    {
        TranslationTransformer first = Fit(TinyCorpus.Options(15), null);
        TranslationOptions options = TinyCorpus.Options(0);
        options.GrowAndPrune = GrowAndPruneSchedule.Compact with { PruningRounds = 1, PruningRatio = 0.25, AllowedLoss = 0.5, GrowthRounds = 0 };

        TranslationTransformer pruned = Fit(options, first);

        Assert.IsTrue(pruned.History.Epochs.All(epoch => epoch.Phase is TrainingPhase.ActivationShift or TrainingPhase.Prune));
        Assert.AreEqual(0.75, (double)pruned.Statistics.ActiveParameters / first.Statistics.ActiveParameters, 0.01);
    }

    [TestMethod]
    public void Connections_that_were_pruned_stay_away()
    {
        TranslationOptions options = TinyCorpus.Options(8);
        options.GrowAndPrune = GrowAndPruneSchedule.Compact with { PruningRounds = 1, PruningRatio = 0.5, AllowedLoss = 1, GrowthRounds = 0, SeedDensity = 1 };
        TranslationTransformer first = Fit(options, null);
        options.GrowAndPrune = options.GrowAndPrune with { PruningRounds = 0 };
        options.Epochs = 1;

        TranslationTransformer second = Fit(options, first);

        Assert.AreEqual(first.Statistics.ActiveParameters, second.Statistics.ActiveParameters);
    }

    [TestMethod]
    [DataRow(1, false)]
    [DataRow(2, false)]
    [DataRow(1, true)]
    public void Units_that_compaction_removed_come_back_without_changing_the_model(int layers, bool shared)
    {
        TranslationOptions options = TinyCorpus.Options(4);
        (options.GateHiddenLayers, options.ShareGateHidden) = (layers, shared);
        options.GrowAndPrune = GrowAndPruneSchedule.Compact with { PruningRounds = 1, PruningRatio = 0.97, TargetDensity = 0.03, AllowedLoss = 1, GrowthRounds = 0 };
        TranslationTransformer first = Fit(options, null);
        Assert.IsTrue(first.Model.Weights.Cells.Any(cell => cell.TrunkWidths.Any(width => width < options.StateSize)));
        options.GrowAndPrune = options.GrowAndPrune with { PruningRounds = 0 };
        options.Epochs = 0;

        TranslationTransformer second = Fit(options, first);

        string[] sentences = ["ich sehe ein haus .", "wir haben ein buch .", ""];
        CollectionAssert.AreEqual(TinyModel.Translate(first, sentences), TinyModel.Translate(second, sentences));
        Assert.AreEqual(first.Statistics.ActiveParameters, second.Statistics.ActiveParameters);
    }

    [TestMethod]
    public void Another_shape_is_refused_and_named()
    {
        TranslationTransformer first = Fit(TinyCorpus.Options(1), null);
        TranslationOptions wider = TinyCorpus.Options(1), deeper = TinyCorpus.Options(1);
        wider.StateSize++;
        deeper.EncoderLayers++;

        Assert.Contains("encoder.0.forward", Assert.Throws<ArgumentException>(() => Fit(wider, first)).Message);
        Assert.Contains("encoder layers", Assert.Throws<ArgumentException>(() => Fit(deeper, first)).Message);
    }

    [TestMethod]
    public void Without_an_initial_model_there_must_be_an_epoch() =>
        Assert.Contains("Epochs", Assert.Throws<ArgumentOutOfRangeException>(() => Fit(TinyCorpus.Options(0), null)).Message);

    private static TranslationTransformer Fit(TranslationOptions options, TranslationTransformer? initial)
    {
        var mlContext = new MLContext(1);
        TranslationTrainer trainer = mlContext.Translation.Trainers.HLstm(options);
        return initial is null ? trainer.Fit(TinyCorpus.Load(mlContext)) : trainer.Fit(TinyCorpus.Load(mlContext), initial);
    }
}
