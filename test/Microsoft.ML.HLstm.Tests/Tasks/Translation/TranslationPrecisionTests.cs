using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.HLstm.Tasks.Translation;
using Microsoft.ML.HLstm.Tests.Inference;

namespace Microsoft.ML.HLstm.Tests.Tasks.Translation;

/// <summary>A model at every precision: what it scores, what it keeps, what it takes.</summary>
[TestClass]
public sealed class TranslationPrecisionTests
{
    private static readonly string[] _sentences = [.. TinyCorpus.Rows.Select(row => row.German)];

    [TestMethod]
    [DataRow(WeightPrecision.Half)]
    [DataRow(WeightPrecision.Int8)]
    public void Log_probabilities_are_those_of_the_formulas_with_the_rounded_weights(WeightPrecision precision)
    {
        using MemoryStream file = new();
        WeightFileWriter.Write(file, new RandomWeights(2).Translation(density: 0.5), precision);
        file.Position = 0;
        TranslationWeights weights = WeightFileReader.ReadTranslation(file);
        int[] source = [4, 5, 6, 7, 8, 4, 1], target = [5, 4, 7, 1, 6];
        double[][] expected = NaiveTranslation.Run(weights, source, target).LogProbabilities;
        float[] actual = new TranslationScorer(weights).LogProbabilities(source, target);
        HLstmCellScorerTests.AssertClose([.. target.Append(3).Select((token, index) => expected[index][token])], actual);
    }

    [TestMethod]
    [DataRow(WeightPrecision.Single, 1e-6)]
    [DataRow(WeightPrecision.Half, 0.01)]
    [DataRow(WeightPrecision.Int8, 0.5)]
    public void A_rounded_model_scores_the_same_after_saving_and_nearly_what_it_scored_before(WeightPrecision precision, double tolerance)
    {
        TranslationTransformer rounded = TinyModel.Trained.WithPrecision(precision);
        using var zip = new MemoryStream(TinyModel.Zip(rounded));
        ITransformer loaded = new MLContext().Model.Load(zip, out _);

        Assert.AreEqual(precision, rounded.Precision);
        Assert.AreEqual(WeightPrecision.Single, TinyModel.Trained.Precision);
        float[] scores = Scores(rounded);
        CollectionAssert.AreEqual(scores, Scores(loaded));
        foreach ((float before, float after) in Scores(TinyModel.Trained).Zip(scores))
            Assert.AreEqual(before, after, tolerance);
        CollectionAssert.AreEqual(TinyModel.Translate(TinyModel.Trained, _sentences), TinyModel.Translate(rounded, _sentences));
    }

    [TestMethod]
    public void Rounding_keeps_every_connection_and_makes_the_zip_smaller()
    {
        TranslationTransformer half = TinyModel.Trained.WithPrecision(WeightPrecision.Half), small = half.WithPrecision(WeightPrecision.Int8);
        Assert.AreEqual(TinyModel.Trained.Statistics, small.Statistics);
        Assert.AreEqual(TinyModel.Trained.Statistics, small.WithPrecision(WeightPrecision.Single).Statistics);
        Assert.IsLessThan(TinyModel.Zip().Length, TinyModel.Zip(half).Length);
        Assert.IsLessThan(TinyModel.Zip(half).Length, TinyModel.Zip(small).Length);
    }

    [TestMethod]
    public void Training_starts_from_rounded_weights()
    {
        var mlContext = new MLContext(1);
        TranslationOptions options = TinyCorpus.Options(0);
        options.Precision = WeightPrecision.Int8;
        TranslationTransformer rounded = TinyModel.Trained.WithPrecision(WeightPrecision.Int8);
        TranslationTransformer trained = mlContext.Translation.Trainers.HLstm(options).Fit(TinyCorpus.Load(mlContext), rounded);
        Assert.AreEqual(WeightPrecision.Int8, trained.Precision);
        Assert.AreEqual(rounded.Statistics, trained.Statistics);
        foreach ((float expected, float actual) in Scores(rounded).Zip(Scores(trained)))
            Assert.AreEqual(expected, actual, 1e-4);
    }

    [TestMethod]
    public void A_zip_whose_parts_disagree_about_the_precision_is_refused()
    {
        TranslationModel model = TinyModel.Trained.Model;
        var header = new TranslationHeader(8, 1, 1, WeightPrecision.Int8, new DecodingOptions());
        ModelFormatException error = Assert.ThrowsExactly<ModelFormatException>(() => header.MakeModel(model.Source, model.Target, model.Weights));
        StringAssert.Contains(error.Message, "weights is Single, of the model Int8");
    }

    [TestMethod]
    public void A_precision_that_does_not_exist_is_named()
    {
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => TinyModel.Trained.WithPrecision((WeightPrecision)7));
        StringAssert.Contains(error.Message, "Single, Half, Int8");
    }

    private static float[] Scores(ITransformer model)
    {
        var mlContext = new MLContext();
        return [.. mlContext.Data.CreateEnumerable<TranslationRow>(model.Transform(TinyCorpus.Load(mlContext)), false).Select(row => row.Score)];
    }
}
