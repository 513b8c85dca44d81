using System.Security.Cryptography;
using System.Text;
using Samples.Translate;

namespace Samples;

[TestClass]
public sealed class TatoebaSelectionTests
{
    [TestMethod]
    public void SplitsByTheLastByteOfTheEnglishHash()
    {
        foreach (string english in Enumerable.Range(0, 2000).Select(i => $"Sentence number {i}."))
        {
            byte last = SHA256.HashData(Encoding.UTF8.GetBytes(english.ToLowerInvariant()))[^1];
            Assert.AreEqual(last < 5, EnglishSplit.IsHeldOut(english), english);
            Assert.AreEqual(EnglishSplit.IsHeldOut(english), EnglishSplit.IsHeldOut($"  {english.ToUpperInvariant()} "), english);
            Assert.IsFalse(EnglishSplit.IsHeldOut(english) && EnglishSplit.IsValidation(english), english);
        }
    }

    [TestMethod]
    public void KeepsShortSentencesOfCommonWords()
    {
        List<SentencePair> pairs = [.. Enumerable.Range(0, 400).Select(i => Pair($"we see {i % 2}", $"wir sehen {i % 2}"))];
        pairs.Add(Pair("we see xylophones", "wir sehen 1"));
        pairs.Add(Pair("we see 1 1 1 1", "wir sehen 1"));
        pairs.Add(Pair("we", "wir"));
        IReadOnlyList<SentencePair> chosen = new TatoebaSelection(maximumWords: 4, minimumCount: 10).Choose(pairs);
        Assert.HasCount(400, chosen);
    }

    [TestMethod]
    public void TheShippedDataKeepsItsOwnRules()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "data");
        IReadOnlyList<SentencePair> train = ParallelText.Read([Path.Combine(folder, ExtractCommand.TrainFile)]);
        IReadOnlyList<SentencePair> heldOut = ParallelText.Read([Path.Combine(folder, ExtractCommand.HeldOutFile)]);
        Assert.HasCount(55_685, train);
        Assert.HasCount(1_080, heldOut);
        Assert.IsTrue(heldOut.All(pair => EnglishSplit.IsHeldOut(pair.English)));
        Assert.IsFalse(train.Any(pair => EnglishSplit.IsHeldOut(pair.English)));
    }

    private static SentencePair Pair(string english, string german) => new() { English = english, German = german };
}
