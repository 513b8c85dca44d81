using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Tasks.ImageCaptioning;

namespace Microsoft.ML.HLstm.Tests.Tasks.ImageCaptioning;

[TestClass]
public class CaptionScorerTests
{
    [TestMethod]
    [DataRow(false, false, 1, 7)]
    [DataRow(false, true, 2, 7)]
    [DataRow(true, false, 2, 7)]
    [DataRow(true, false, 1, 21)]
    [DataRow(true, true, 2, 35)]
    public void It_computes_what_the_documentation_says(bool attention, bool tied, int layers, int features)
    {
        CaptionWeights weights = RandomCaptioner.Make(layers, attention, tied, layers);
        float[] picture = RandomCaptioner.Picture(5, features);
        int[] caption = [4, 10, 1, 7, 7];

        float[] actual = new CaptionScorer(weights).LogProbabilities(picture, caption);

        double[] expected = NaiveCaptioner.LogProbabilities(weights, picture, caption);
        Assert.HasCount(caption.Length + 1, actual);
        for (int i = 0; i < actual.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-5 * Math.Abs(expected[i]) + 1e-6, $"token {i}");
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Pictures_side_by_side_give_what_they_give_one_by_one(bool attention)
    {
        CaptionWeights weights = RandomCaptioner.Make(3, attention, vocabulary: 40);
        ReadOnlyMemory<float>[] pictures = [.. Enumerable.Range(0, 70).Select(i => RandomCaptioner.Picture(i, attention ? 7 * (1 + i % 4) : 7).AsMemory())];
        var options = new BeamSearchOptions { BeamWidth = 3, ResultCount = 2, MaximumLength = 6 };
        var scorer = new CaptionScorer(weights);

        IReadOnlyList<BeamHypothesis>[] together = scorer.CaptionAll(pictures, options);

        for (int i = 0; i < pictures.Length; i++)
        {
            IReadOnlyList<BeamHypothesis> alone = scorer.CaptionAll([pictures[i]], options)[0];
            for (int k = 0; k < alone.Count; k++)
            {
                CollectionAssert.AreEqual(alone[k].Tokens, together[i][k].Tokens);
                Assert.AreEqual(alone[k].LogProbability, together[i][k].LogProbability, 1e-4);
            }
        }
    }

    [TestMethod]
    public void The_score_of_a_caption_is_the_sum_over_its_tokens()
    {
        CaptionWeights weights = RandomCaptioner.Make(4);
        float[] picture = RandomCaptioner.Picture(1);
        var scorer = new CaptionScorer(weights);

        BeamHypothesis best = scorer.CaptionAll([picture], new BeamSearchOptions { BeamWidth = 4, MaximumLength = 8 })[0][0];

        Assert.AreEqual(NaiveCaptioner.LogProbabilities(weights, picture, best.Tokens).Sum(), best.LogProbability, 1e-4);
    }

    [TestMethod]
    [DataRow(false, 8, "7 are needed")]
    [DataRow(false, 14, "7 are needed")]
    [DataRow(false, 0, "7 are needed")]
    [DataRow(true, 8, "a multiple of 7")]
    public void Another_number_of_features_is_refused(bool attention, int features, string message)
    {
        var scorer = new CaptionScorer(RandomCaptioner.Make(1, attention));
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => scorer.CaptionAll([new float[features]], new BeamSearchOptions())).Message);
    }

    [TestMethod]
    public void Shapes_that_do_not_fit_are_refused_and_named()
    {
        CaptionWeights good = RandomCaptioner.Make(1, attention: true);
        good.Validate();
        void Refused(CaptionWeights weights, string named) => Assert.Contains(named, Assert.Throws<InvalidDataException>(weights.Validate).Message);

        Refused(good with { Decoder = [] }, "0 decoder layers");
        Refused(good with { AttentionCombine = null }, "attention");
        Refused(good with { AttentionScore = new WeightMatrix("score", 4, 6, new float[24]) }, "'score'");
        Refused(good with { FeatureProjection = new DenseLayer(new WeightMatrix("f", 4, 7, new float[28]), new float[4]) }, "'f'");
        Refused(good with { Embedding = new WeightMatrix("e", 3, 5, new float[15]) }, "'e'");
        Refused(good with { Decoder = [.. good.Decoder.Reverse()] }, "the layer below gives 11");
        Refused(good with { OutputProjection = good.OutputProjection with { Bias = new float[3] } }, "'projection'");
    }

    [TestMethod]
    public void Every_matrix_is_counted_once_and_a_tied_one_works_twice()
    {
        CaptionWeights plain = RandomCaptioner.Make(1, layers: 1, density: 1), tied = RandomCaptioner.Make(1, tied: true, layers: 1, density: 1);
        // Gates of 3 + 4 + 2 + 5 units read [x; h] and give h.
        Assert.AreEqual(14 * (5 + 4) + 4 * 14, plain.RecurrentParametersActive);
        Assert.AreEqual(plain.RecurrentParametersActive + 5 * 7 + 11 * 5 + 11 * 4, plain.ParametersActive);
        Assert.AreEqual(2 * (plain.RecurrentParametersActive + 11 * 4), plain.FlopsPerDecodingStep);
        Assert.AreEqual(tied.RecurrentParametersActive + 5 * 7 + 11 * 5, tied.ParametersActive);
        Assert.AreEqual(2 * (tied.RecurrentParametersActive + 11 * 5), tied.FlopsPerDecodingStep);
    }
}
