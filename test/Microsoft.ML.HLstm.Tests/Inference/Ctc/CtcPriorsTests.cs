using Microsoft.ML.HLstm.Inference.Ctc;

namespace Microsoft.ML.HLstm.Tests.Inference.Ctc;

/// <summary>What is frequent, taken away from what is heard.</summary>
[TestClass]
public sealed class CtcPriorsTests
{
    private static readonly CtcAlphabet _alphabet = new(["-", "a", "b"]);

    [TestMethod]
    public void Priors_are_means_over_all_frames_with_one_frame_more_for_each_label()
    {
        CtcPriors priors = CtcPriors.Of([Log(0.5, 0.3, 0.2, 0.9, 0.1, 0), Log(1, 0, 0)], 3);
        double[] expected = [(0.5 + 0.9 + 1 + 1) / 6, (0.3 + 0.1 + 1) / 6, (0.2 + 1) / 6];
        for (int label = 0; label < 3; label++)
            Assert.AreEqual(expected[label], Math.Exp(priors.LogProbabilities[label]), 1e-6);
    }

    [TestMethod]
    public void Each_probability_is_divided_by_the_power_of_its_prior()
    {
        var priors = new CtcPriors(Log(0.7, 0.2, 0.1));
        float[] result = new float[6];
        priors.TakeAway(Log(0.5, 0.3, 0.2, 1, 0, 0), 0.5, result);
        double[] heard = [0.5 / Math.Sqrt(0.7), 0.3 / Math.Sqrt(0.2), 0.2 / Math.Sqrt(0.1)];
        for (int label = 0; label < 3; label++)
            Assert.AreEqual(heard[label] / heard.Sum(), Math.Exp(result[label]), 1e-6);
        CollectionAssert.AreEqual(new[] { 0, float.NegativeInfinity, float.NegativeInfinity }, result[3..]);

        priors.TakeAway(Log(0, 0, 0), 0.5, result.AsSpan(0, 3));
        CollectionAssert.AreEqual(Enumerable.Repeat(float.NegativeInfinity, 3).ToArray(), result[..3]);
    }

    [TestMethod]
    public void The_search_finds_the_best_of_all_transcripts_after_that()
    {
        var random = new Random(1);
        for (int trial = 0; trial < 30; trial++)
        {
            float[] frames = BruteForceCtc.Random(random, 1 + (trial % 6), 3), heard = new float[frames.Length];
            var priors = CtcPriors.Of([frames], 3);
            priors.TakeAway(frames, 0.8, heard);
            var options = new CtcDecodingOptions { BeamWidth = 1024, MinimumProbability = 0, PruningThreshold = double.PositiveInfinity, LanguageModelWeight = 0, PriorWeight = 0.8 };

            CtcHypothesis found = new CtcDecoder(new CtcScorer(_alphabet, options, priors: priors)).Decode(frames)[0];

            double best = new BruteForceCtc(_alphabet, heard).Probabilities.Values.Max();
            Assert.AreEqual(Math.Log(best), found.Score, 1e-4);
        }
    }

    [TestMethod]
    public void A_rare_symbol_that_is_nearly_heard_is_found()
    {
        float[] frames = Log(0.6, 0, 0.4);
        var decoder = new CtcDecoder(new CtcScorer(_alphabet, new CtcDecodingOptions { BeamWidth = 1, LanguageModelWeight = 0, PriorWeight = 0.5 }, priors: new CtcPriors(Log(0.8, 0.1, 0.1))));
        Assert.AreEqual("b", decoder.Decode(frames)[0].Text);
        Assert.AreEqual("", new CtcDecoder(new CtcScorer(_alphabet, new CtcDecodingOptions { BeamWidth = 1, LanguageModelWeight = 0 })).Decode(frames)[0].Text);
    }

    [TestMethod]
    public void Without_priors_a_weight_is_refused()
    {
        Assert.Contains("PriorWeight is 0.5", Assert.Throws<ArgumentException>(() => new CtcScorer(_alphabet, new CtcDecodingOptions { PriorWeight = 0.5 })).Message);
        Assert.Contains("PriorWeight", Assert.Throws<ArgumentOutOfRangeException>(() => new CtcScorer(_alphabet, new CtcDecodingOptions { PriorWeight = 1.5 })).Message);
        Assert.Contains("PriorWeight", Assert.Throws<ArgumentOutOfRangeException>(() => new CtcScorer(_alphabet, new CtcDecodingOptions { PriorWeight = double.NaN })).Message);
    }

    private static float[] Log(params double[] probabilities) => Array.ConvertAll(probabilities, probability => (float)Math.Log(probability));
}
