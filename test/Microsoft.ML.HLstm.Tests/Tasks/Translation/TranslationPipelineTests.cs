using Microsoft.ML.HLstm.Tests.TestSupport;

namespace Microsoft.ML.HLstm.Tests.Tasks.Translation;

/// <summary>Translation inside ML.NET's pipelines, files and engines.</summary>
[TestClass]
public class TranslationPipelineTests
{
    private static readonly string[] _sentences = ["ich sehe ein haus .", "wir suche ein buch ."];

    [TestMethod]
    public void A_pipeline_with_transforms_before_and_after_trains_saves_and_predicts()
    {
        var mlContext = new MLContext(1);
        TranslationOptions options = TinyCorpus.Options(20);
        (options.FeatureColumnName, options.PredictedColumnName, options.ScoreColumnName) = ("Normal", "Text", "LogProbability");
        var fitted = mlContext.Transforms.Text.NormalizeText("Normal", "German")
            .Append(mlContext.Translation.Trainers.HLstm(options))
            .Append(mlContext.Transforms.CopyColumns("ScoreAgain", "LogProbability"))
            .Append(mlContext.Transforms.Concatenate("Scores", "LogProbability", "ScoreAgain"))
            .Append(mlContext.Transforms.DropColumns("Alternatives", "AlternativeScores"))
            .Fit(TinyCorpus.Load(mlContext));

        using var zip = new MemoryStream();
        mlContext.Model.Save(fitted, TinyCorpus.Load(mlContext).Schema, zip);
        zip.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(zip, out _);
        var engine = new MLContext().Model.CreatePredictionEngine<SentenceRow, PipelineRow>(loaded);

        PipelineRow row = engine.Predict(new SentenceRow { German = "ICH SEHE EIN HAUS ." });
        Assert.AreEqual("i see a house .", row.Text);
        Assert.IsLessThanOrEqualTo(0, row.Scores[0]);
        Assert.AreEqual(row.Scores[0], row.Scores[1]);
    }

    [TestMethod]
    public void The_label_column_may_be_missing_when_scoring()
    {
        var mlContext = new MLContext();
        IDataView data = TinyCorpus.Load(mlContext);
        IDataView unlabelled = mlContext.Transforms.DropColumns("English").Fit(data).Transform(data);

        Assert.AreEqual("i see a dog .", mlContext.Data.CreateEnumerable<TranslationRow>(TinyModel.Trained.Transform(unlabelled), false).First().PredictedTranslation);
    }

    [TestMethod]
    public void Evaluate_finds_the_label_that_was_trained_on()
    {
        var mlContext = new MLContext();
        IDataView scored = TinyModel.Trained.Transform(TinyCorpus.Load(mlContext));

        TranslationMetrics metrics = mlContext.Translation.Evaluate(scored);

        Assert.IsGreaterThan(90, metrics.Bleu);
        Assert.AreEqual(TinyCorpus.Rows.Count, metrics.Sentences);
        Assert.StartsWith("nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:", metrics.Signature);
        Assert.AreEqual(metrics.Bleu, mlContext.Translation.Evaluate(scored, "English").Bleu);
        Assert.Throws<ArgumentOutOfRangeException>(() => mlContext.Translation.Evaluate(scored, "Nothing"));
        Assert.Throws<ArgumentOutOfRangeException>(() => mlContext.Translation.Evaluate(scored, predictedColumnName: "Score"));
    }

    [TestMethod]
    public void A_fresh_process_without_libtorch_loads_the_zip_and_translates()
    {
        using var folder = new FolderWithoutLibtorch();
        string zip = Path.Combine(folder.Path, "model.zip");
        File.WriteAllBytes(zip, TinyModel.Zip());

        string output = FreshProcess.RunIn(folder.Path, TranslateZip, [zip, .. _sentences]);

        Assert.AreEqual(string.Join('\n', TinyModel.Translate(TinyModel.Trained, _sentences)), output);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void A_table_is_translated_as_its_rows_are_one_by_one(int threads)
    {
        var mlContext = new MLContext();
        TranslationTransformer model = TinyModel.Trained.WithDecoding(new DecodingOptions { BeamWidth = 4, Alternatives = 2, Threads = threads });
        SentenceRow[] rows = [.. Enumerable.Range(0, 150).Select(i => new SentenceRow { English = $"{i}", German = i % 50 == 7 ? "" : string.Join(' ', Enumerable.Repeat(TinyCorpus.Rows[i % TinyCorpus.Rows.Count].German, 1 + i % 3)) })];
        using PredictionEngine<SentenceRow, TranslationRow> engine = mlContext.Model.CreatePredictionEngine<SentenceRow, TranslationRow>(model);
        int count = 0;
        foreach (TranslationRow row in mlContext.Data.CreateEnumerable<TranslationRow>(model.Transform(TinyCorpus.Load(mlContext, rows)), false))
        {
            TranslationRow expected = engine.Predict(rows[count++]);
            CollectionAssert.AreEqual(expected.Alternatives, row.Alternatives);
            for (int i = 0; i < expected.AlternativeScores.Length; i++)
                Assert.AreEqual(expected.AlternativeScores[i], row.AlternativeScores[i], 1e-5 * (1 + Math.Abs(expected.AlternativeScores[i])));
            Assert.AreEqual(expected.PredictedTranslation, row.PredictedTranslation);
        }

        Assert.AreEqual(150, count);
    }

    [TestMethod]
    public void Alternatives_are_distinct_and_ordered()
    {
        TranslationTransformer model = TinyModel.Trained.WithDecoding(new DecodingOptions { BeamWidth = 4, Alternatives = 3, LengthNormalization = 0 });
        var mlContext = new MLContext();
        foreach (TranslationRow row in mlContext.Data.CreateEnumerable<TranslationRow>(model.Transform(TinyCorpus.Load(mlContext)), false).Take(5))
        {
            Assert.HasCount(3, row.Alternatives);
            CollectionAssert.AllItemsAreUnique(row.Alternatives);
            Assert.AreEqual(row.PredictedTranslation, row.Alternatives[0]);
            Assert.AreEqual(row.Score, row.AlternativeScores[0]);
            CollectionAssert.AreEqual(row.AlternativeScores.OrderDescending().ToArray(), row.AlternativeScores);
        }
    }

    private static string TranslateZip(string[] arguments)
    {
        ITransformer model = new MLContext().Model.Load(arguments[0], out _);
        return string.Join('\n', TinyModel.Translate(model, arguments[1..]));
    }

    private sealed class PipelineRow
    {
        public string Text { get; set; } = "";

        public float[] Scores { get; set; } = [];
    }
}
