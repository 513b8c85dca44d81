using Microsoft.ML.HLstm.Tests.Tasks.Translation;
using Samples.Translate;

namespace Microsoft.ML.HLstm.Tests.Training;

/// <summary>What training on from a model is for: growing what was pruned, and learning from more data.</summary>
[TestClass]
public class WarmStartTests
{
    [TestMethod]
    [DataRow(SparsityPattern.Unstructured)]
    [DataRow(SparsityPattern.Balanced32)]
    public void A_pruned_model_grows_from_the_connections_that_it_has(SparsityPattern pattern)
    {
        TranslationOptions options = TinyCorpus.Options(8);
        options.EmbeddingSize = 32;
        options.GrowAndPrune = GrowAndPruneSchedule.Compact with { Pattern = pattern, PruningRounds = 1, PruningRatio = 0.7, TargetDensity = 0.25, AllowedLoss = 1, GrowthRounds = 0, SeedDensity = 1 };
        TranslationTransformer pruned = Fit(options, null);
        // A seed of a tenth would leave next to nothing of the model.
        options.GrowAndPrune = options.GrowAndPrune with { SeedDensity = 0.1, GrowthRounds = 2, GrowthRatio = 0.2, GrowthBatches = 4, PruningRounds = 0, ActivationShift = false };
        options.Epochs = 4;

        TranslationTransformer grown = Fit(options, pruned);

        IReadOnlyList<MatrixSummary> matrices = grown.Report!.Matrices;
        if (pattern == SparsityPattern.Unstructured)
            Assert.AreEqual(pruned.Statistics.ActiveParameters, matrices.Sum(matrix => matrix.SeededConnections));
        Assert.AreEqual(grown.History.Epochs[0].ActiveConnections, matrices.Sum(matrix => matrix.SeededConnections));
        Assert.IsTrue(matrices.All(matrix => matrix.GrownConnections > matrix.SeededConnections));
        Assert.AreEqual(matrices.Sum(matrix => matrix.GrownConnections), grown.History.Epochs[^1].ActiveConnections);
        // Nothing that there was has gone.
        float[] before = pruned.Model.Weights.TargetEmbedding.Values, after = grown.Model.Weights.TargetEmbedding.Values;
        Assert.AreEqual(0, before.Zip(after).Count(weights => weights.First != 0 && weights.Second == 0));
        Assert.IsGreaterThan(before.Count(weight => weight != 0), after.Count(weight => weight != 0));
    }

    [TestMethod]
    public void On_real_sentences_going_on_beats_starting_over_with_as_many_epochs()
    {
        SentenceRow[] train = Sentences("tatoeba-train.tsv.gz", 2400), heldOut = Sentences("tatoeba-heldout.tsv.gz", 150);
        SentenceRow[] earlier = [.. train.Where((_, i) => i % 2 == 0)], later = [.. train.Where((_, i) => i % 2 == 1)];
        TranslationTransformer first = Fit(Options(6), null, earlier, heldOut);

        TranslationTransformer goingOn = Fit(Options(3), first, later, heldOut), startingOver = Fit(Options(3), null, later, heldOut);

        Assert.HasCount(3, goingOn.History.Epochs);
        Assert.HasCount(3, startingOver.History.Epochs);
        Assert.IsGreaterThan(first.Model.Source.Count, goingOn.Model.Source.Count);
        Assert.IsLessThan(startingOver.History.Epochs[^1].Loss, goingOn.History.Epochs[^1].Loss);
        Assert.IsGreaterThan(startingOver.Report!.Metric, goingOn.Report!.Metric);
    }

    private static TranslationOptions Options(int epochs)
    {
        TranslationOptions options = TinyCorpus.Options(epochs);
        (options.StateSize, options.EmbeddingSize, options.BatchSize, options.LearningRate) = (32, 32, 16, 0.005);
        (options.FrequencyCutoff, options.MaximumLength, options.WeightAveraging) = (2, 12, 0.98);
        return options;
    }

    private static SentenceRow[] Sentences(string file, int count)
    {
        SentencePair[] brief = [.. ParallelText.Read([Path.Combine(AppContext.BaseDirectory, "data", file)]).Where(pair => pair.English.Split(' ').Length <= 5)];
        return [.. Enumerable.Range(0, count).Select(i => brief[(long)i * brief.Length / count]).Select(pair => new SentenceRow { German = pair.German, English = pair.English })];
    }

    private static TranslationTransformer Fit(TranslationOptions options, TranslationTransformer? initial, SentenceRow[]? rows = null, SentenceRow[]? validation = null)
    {
        var mlContext = new MLContext(1);
        options.ValidationSet = validation is null ? null : TinyCorpus.Load(mlContext, validation);
        TranslationTrainer trainer = mlContext.Translation.Trainers.HLstm(options);
        IDataView data = TinyCorpus.Load(mlContext, rows);
        return initial is null ? trainer.Fit(data) : trainer.Fit(data, initial);
    }
}
