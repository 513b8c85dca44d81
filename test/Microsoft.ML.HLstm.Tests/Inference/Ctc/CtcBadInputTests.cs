using Microsoft.ML.HLstm.Inference.Ctc;

namespace Microsoft.ML.HLstm.Tests.Inference.Ctc;

[TestClass]
public sealed class CtcBadInputTests
{
    private static readonly CtcAlphabet _alphabet = new(["-", "a"]);

    [TestMethod]
    public void Options_out_of_range_are_named()
    {
        foreach ((CtcDecodingOptions options, string name) in new[]
        {
            (new CtcDecodingOptions { BeamWidth = 0 }, "BeamWidth is 0; allowed is from 1 to 1024"),
            (new CtcDecodingOptions { BeamWidth = 1025 }, "BeamWidth is 1025"),
            (new CtcDecodingOptions { Alternatives = 0 }, "Alternatives is 0"),
            (new CtcDecodingOptions { LanguageModelWeight = -1 }, "LanguageModelWeight is -1"),
            (new CtcDecodingOptions { LanguageModelWeight = double.NaN }, "LanguageModelWeight is NaN"),
            (new CtcDecodingOptions { WordBonus = 101 }, "WordBonus is 101"),
            (new CtcDecodingOptions { CharacterBonus = -101 }, "CharacterBonus is -101"),
            (new CtcDecodingOptions { UnknownWordPenalty = -1 }, "UnknownWordPenalty is -1"),
            (new CtcDecodingOptions { MinimumProbability = 1 }, "MinimumProbability is 1"),
            (new CtcDecodingOptions { PruningThreshold = 0 }, "PruningThreshold is 0"),
        })
        {
            Assert.Contains("Decoding." + name, Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CtcScorer(_alphabet, options)).Message);
        }

        _ = new CtcScorer(_alphabet, new CtcDecodingOptions { PruningThreshold = double.PositiveInfinity });
    }

    [TestMethod]
    public void A_word_list_is_needed_and_must_be_writable()
    {
        var options = new CtcDecodingOptions { RestrictToWordList = true };
        Assert.Contains("a word list is needed", Assert.ThrowsExactly<ArgumentException>(() => new CtcScorer(_alphabet, options)).Message);
        Assert.Contains("Of the given words 0", Assert.ThrowsExactly<ArgumentException>(() => new CtcScorer(_alphabet, options, wordList: ["b", "ab", ""])).Message);
        Assert.Contains("Of the given words 0", Assert.ThrowsExactly<ArgumentException>(() => new CtcScorer(_alphabet, new CtcDecodingOptions(), NGramLanguageModel.Estimate(["b"]))).Message);
    }

    [TestMethod]
    public void Alphabets_are_checked()
    {
        Assert.Contains("blank is label 2", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new CtcAlphabet(["-", "a"], 2)).Message);
        Assert.Contains("label 1 is 'ab'", Assert.ThrowsExactly<ArgumentException>(() => new CtcAlphabet(["-", "ab"])).Message);
        Assert.Contains("Labels 1 and 2", Assert.ThrowsExactly<ArgumentException>(() => new CtcAlphabet(["-", "a", "a"])).Message);
    }

    [TestMethod]
    public void Numbers_that_are_not_log_probabilities_are_refused()
    {
        var decoder = new CtcDecoder(new CtcScorer(_alphabet, new CtcDecodingOptions()));
        Assert.Contains("There are 3", Assert.ThrowsExactly<ArgumentException>(() => decoder.Decode([-1, -1, -1])).Message);
        Assert.Contains("label 1 in frame 1 is NaN", Assert.ThrowsExactly<ArgumentException>(() => decoder.Decode([-1, -1, -1, float.NaN])).Message);
        Assert.Contains("label 0 in frame 1 is 2", Assert.ThrowsExactly<ArgumentException>(() => decoder.Decode([-1, -1, 2, -1])).Message);
        Assert.AreEqual("a", decoder.Decode([float.NegativeInfinity, 1e-6f])[0].Text);
    }
}
