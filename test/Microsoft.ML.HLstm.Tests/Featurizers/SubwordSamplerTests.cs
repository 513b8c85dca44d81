namespace Microsoft.ML.HLstm.Featurizers;

[TestClass]
public class SubwordSamplerTests
{
    private static readonly List<string> _sentences = [.. SentenceMaker.WordLike(400, 300, 41), "ab 猫😀ab", "", "  "];
    private static readonly SubwordVocabulary _vocabulary = SubwordVocabulary.Learn(_sentences.Take(300), lowerCase: true, maximumCount: 540);

    [TestMethod]
    public void Without_dropout_it_encodes_as_the_vocabulary_does()
    {
        var sampler = new SubwordSampler(_vocabulary, 0);
        foreach (string sentence in _sentences)
            CollectionAssert.AreEqual(_vocabulary.Encode(sentence), sampler.Encode(sentence, new Random(1)), sentence);
    }

    [TestMethod]
    public void Whatever_is_left_out_the_text_is_the_same()
    {
        foreach (double dropout in (double[])[0.1, 0.5, 0.99])
        {
            var sampler = new SubwordSampler(_vocabulary, dropout);
            var random = new Random(2);
            foreach (string sentence in _sentences.Take(300))
                Assert.AreEqual(_vocabulary.Decode(_vocabulary.Encode(sentence)), _vocabulary.Decode(sampler.Encode(sentence, random)));
        }
    }

    [TestMethod]
    public void More_dropout_gives_more_and_shorter_subwords()
    {
        int Tokens(double dropout)
        {
            var sampler = new SubwordSampler(_vocabulary, dropout);
            var random = new Random(3);
            return _sentences.Sum(sentence => sampler.Encode(sentence, random).Count);
        }

        Assert.IsLessThan(Tokens(0.1), Tokens(0));
        Assert.IsLessThan(Tokens(0.5), Tokens(0.1));
        Assert.IsLessThan(Tokens(0.9), Tokens(0.5));
    }

    [TestMethod]
    public void The_only_merge_is_left_out_as_often_as_the_option_says()
    {
        var sampler = new SubwordSampler(new SubwordVocabulary(lowerCase: false, BytePairLearner.Learn(new Dictionary<string, long> { ["▁a"] = 2 }, merges: 1, minimumFrequency: 1)), 0.1);
        var random = new Random(4);

        int apart = Enumerable.Range(0, 100_000).Count(_ => sampler.Encode("a", random).Count == 2);

        Assert.AreEqual(10_000, apart, 5 * Math.Sqrt(100_000 * 0.1 * 0.9));
    }

    [TestMethod]
    public void The_same_seed_cuts_the_same()
    {
        var sampler = new SubwordSampler(_vocabulary, 0.3);
        int[] Cut(int seed)
        {
            var random = new Random(seed);
            return [.. _sentences.SelectMany(sentence => sampler.Encode(sentence, random))];
        }

        CollectionAssert.AreEqual(Cut(5), Cut(5));
        CollectionAssert.AreNotEqual(Cut(5), Cut(6));
    }
}
