using System.Diagnostics;

namespace Microsoft.ML.HLstm.Featurizers;

[TestClass]
public class SubwordVocabularyTests
{
    public required TestContext TestContext { get; set; }

    [TestMethod]
    public void TheTokenizerAppliesTheMergesAsTheDefinitionSays()
    {
        Dictionary<string, long> pieces = PieceSplitter.Count(SentenceMaker.WordLike(500, 200, 21), lowerCase: false);
        BytePairModel model = BytePairLearner.Learn(pieces, merges: 400, minimumFrequency: 2);
        var vocabulary = new SubwordVocabulary(lowerCase: false, model);
        int multiple = 0;
        foreach (string sentence in SentenceMaker.WordLike(1500, 3000, 22))
        {
            List<string> expected = [.. PieceSplitter.Split(sentence, lowerCase: false).SelectMany(piece => NaiveBytePair.Segment(piece, model))];
            string[] actual = Array.ConvertAll(vocabulary.Encode(sentence), id => model.Symbols[id - TextVocabulary.Reserved]);
            CollectionAssert.AreEqual(expected, actual, sentence);
            multiple += expected.Count(symbol => symbol.Length > 1);
        }

        Assert.IsGreaterThan(10_000, multiple);
    }

    [TestMethod]
    public void IncrementalLearningFindsTheSameMergesAsCountingAnew()
    {
        for (int seed = 0; seed < 5; seed++)
        {
            Dictionary<string, long> pieces = PieceSplitter.Count(SentenceMaker.WordLike(40, 30, seed), lowerCase: false);
            BytePairModel model = BytePairLearner.Learn(pieces, merges: 120, minimumFrequency: 2);
            IEnumerable<(string, string)> actual = model.Merges.Select(merge => (model.Symbols[merge.Left], model.Symbols[merge.Right]));
            CollectionAssert.AreEqual(NaiveBytePair.Learn(pieces, 120, 2), actual.ToList());
        }
    }

    [TestMethod]
    public void TheMostFrequentPairIsMergedFirstAndTiesAreOrdinal()
    {
        var pieces = new Dictionary<string, long> { ["cd"] = 3, ["ab"] = 3, ["xy"] = 5, ["zz"] = 1 };
        BytePairModel model = BytePairLearner.Learn(pieces, merges: 10, minimumFrequency: 2);
        CollectionAssert.AreEqual(new[] { "xy", "ab", "cd" }, model.Symbols.Skip(model.Generations[0].Characters).ToArray());
    }

    [TestMethod]
    public void CharactersNeverSeenAreUnknownOneByOne()
    {
        SubwordVocabulary vocabulary = SubwordVocabulary.Learn(["ab ab ab"], lowerCase: false);
        CollectionAssert.AreEqual(new[] { "ab", "", "猫", "😀", "ab" }, vocabulary.Pieces("ab 猫😀ab").Select(p => p).ToArray());
        int[] ids = vocabulary.Encode("ab 猫😀ab");
        CollectionAssert.AreEqual(new[] { TextVocabulary.Unknown, TextVocabulary.Unknown }, ids[2..4]);
    }

    [TestMethod]
    public void EncodingIsTheSameFromManyThreads()
    {
        List<string> sentences = SentenceMaker.WordLike(400, 2000, 31);
        SubwordVocabulary reference = SubwordVocabulary.Learn(sentences, lowerCase: false, maximumCount: 540);
        int[][] expected = [.. sentences.Select(sentence => reference.Encode(sentence))];
        SubwordVocabulary shared = SubwordVocabulary.Learn(sentences, lowerCase: false, maximumCount: 540);
        _ = Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.CancellationToken }, worker =>
        {
            for (int i = 0; i < sentences.Count; i++)
            {
                int at = (i + (worker * 37)) % sentences.Count;
                CollectionAssert.AreEqual(expected[at], shared.Encode(sentences[at]));
            }
        });
    }

    [TestMethod]
    public void LearningIsFastAndLongWordsDoNoHarm()
    {
        List<string> sentences = SentenceMaker.WordLike(30_000, 20_000, 41);
        var clock = Stopwatch.StartNew();
        SubwordVocabulary vocabulary = SubwordVocabulary.Learn(sentences, lowerCase: true, maximumCount: 8000);
        TestContext.WriteLine($"{vocabulary.Count} ids after {clock.Elapsed.TotalSeconds:F2} s");

        // Counting every pair anew for each merge takes minutes; the bound is wide for busy machines.
        Assert.IsLessThan(30, clock.Elapsed.TotalSeconds);
        string longWord = string.Concat(Enumerable.Repeat("schafrun", 5000));
        Assert.AreEqual(longWord, vocabulary.Decode(vocabulary.Encode(longWord)));
    }
}
