using Microsoft.ML.HLstm.Tests.Tasks.Translation;

namespace Microsoft.ML.HLstm.Tests.Training;

/// <summary>Training on from a trained model with data that has new words.</summary>
[TestClass]
public class VocabularyGrowthTests
{
    private static readonly string[] _old = ["ich sehe ein haus .", "wir haben ein buch .", "ihr male ein baum ."];

    [TestMethod]
    public void Words_are_added_without_changing_what_the_model_says()
    {
        TranslationTransformer first = Fit(TinyCorpus.Options(15), null, TinyCorpus.Rows);

        TranslationTransformer second = Fit(TinyCorpus.Options(0), first, WithHorses());

        Assert.AreEqual(first.Model.Source.Count + 1, second.Model.Source.Count);
        Assert.AreEqual(first.Model.Target.Count + 1, second.Model.Target.Count);
        CollectionAssert.AreEqual(TinyModel.Translate(first, _old), TinyModel.Translate(second, _old));
        Assert.AreEqual("horse", second.Model.Target.Piece(second.Model.Target.Count - 1));
        Assert.IsTrue(second.Model.Weights.TargetEmbedding.Row(second.Model.Target.Count - 1).ContainsAnyExcept(0f));
        Assert.AreEqual(0, first.Model.Weights.TargetEmbedding.Values.Zip(second.Model.Weights.TargetEmbedding.Values).Count(pair => pair.First != pair.Second));
    }

    [TestMethod]
    public void New_words_are_learned()
    {
        TranslationTransformer first = Fit(TinyCorpus.Options(15), null, TinyCorpus.Rows);

        TranslationTransformer second = Fit(TinyCorpus.Options(10), first, WithHorses());

        CollectionAssert.AreEqual(new[] { "i see a horse .", "we paint a horse ." }, TinyModel.Translate(second, "ich sehe ein pferd .", "wir male ein pferd ."));
    }

    [TestMethod]
    public void The_size_of_the_vocabulary_is_a_limit()
    {
        TranslationTransformer first = Fit(TinyCorpus.Options(1), null, TinyCorpus.Rows);
        TranslationOptions options = TinyCorpus.Options(1);
        options.VocabularySize = 16;

        TranslationTransformer second = Fit(options, first, WithHorses());

        Assert.AreEqual(first.Model.Source.Count, second.Model.Source.Count);
    }

    [TestMethod]
    public void Subwords_get_new_characters_and_pieces()
    {
        TranslationOptions options = TinyCorpus.Options(3);
        (options.Subwords, options.VocabularySize) = (true, 200);
        TranslationTransformer first = Fit(options, null, TinyCorpus.Rows);
        SentenceRow[] rows = [.. TinyCorpus.Rows, .. TinyCorpus.Rows.Select(row => new SentenceRow { German = row.German.Replace("haus", "чай", StringComparison.Ordinal), English = row.English })];

        TranslationTransformer second = Fit(options, first, rows);

        Assert.AreEqual("чай", second.Model.Source.Pieces("чай").Single());
        CollectionAssert.AreEqual(first.Model.Source.Encode(_old[0]), second.Model.Source.Encode(_old[0]));
        var loaded = (TranslationTransformer)new MLContext().Model.Load(new MemoryStream(TinyModel.Zip(second)), out _);
        CollectionAssert.AreEqual(TinyModel.Translate(second, "ich sehe ein чай ."), TinyModel.Translate(loaded, "ich sehe ein чай ."));
    }

    [TestMethod]
    [DataRow(SparsityPattern.Unstructured)]
    [DataRow(SparsityPattern.Balanced32)]
    public void New_rows_are_as_sparse_as_the_others(SparsityPattern pattern)
    {
        TranslationOptions options = TinyCorpus.Options(4);
        options.EmbeddingSize = 32;
        options.GrowAndPrune = GrowAndPruneSchedule.Compact with { Pattern = pattern, SeedDensity = 1, GrowthRounds = 0, PruningRounds = 1, PruningRatio = 0.75, EmbeddingTargetDensity = 0.25, AllowedLoss = 1 };
        TranslationTransformer first = Fit(options, null, TinyCorpus.Rows);
        MatrixSummary pruned = Target(first);
        options.GrowAndPrune = options.GrowAndPrune with { PruningRounds = 0 };
        options.Epochs = 0;

        MatrixSummary extended = Target(Fit(options, first, WithHorses()));

        Assert.AreEqual(0.25, (double)pruned.ReturnedConnections / pruned.Rows / pruned.Columns, 0.01);
        Assert.AreEqual(pruned.Rows + 1, extended.Rows);
        Assert.AreEqual(8, extended.SeededConnections - pruned.ReturnedConnections, pattern == SparsityPattern.Balanced32 ? 0 : 1);

        static MatrixSummary Target(TranslationTransformer model) => model.Report!.Matrices.Single(matrix => matrix.Name == "target_embedding");
    }

    private static IReadOnlyList<SentenceRow> WithHorses() =>
    [
        .. TinyCorpus.Rows,
        .. TinyCorpus.Rows.Where(row => row.German.Contains("haus", StringComparison.Ordinal)).Select(row => new SentenceRow
        {
            German = row.German.Replace("haus", "pferd", StringComparison.Ordinal),
            English = row.English.Replace("house", "horse", StringComparison.Ordinal),
        }),
    ];

    private static TranslationTransformer Fit(TranslationOptions options, TranslationTransformer? initial, IReadOnlyList<SentenceRow> rows)
    {
        var mlContext = new MLContext(1);
        TranslationTrainer trainer = mlContext.Translation.Trainers.HLstm(options);
        IDataView data = TinyCorpus.Load(mlContext, rows);
        return initial is null ? trainer.Fit(data) : trainer.Fit(data, initial);
    }
}
