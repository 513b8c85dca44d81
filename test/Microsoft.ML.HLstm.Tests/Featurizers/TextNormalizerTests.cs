namespace Microsoft.ML.HLstm.Featurizers;

[TestClass]
public class TextNormalizerTests
{
    [TestMethod]
    [DataRow("", "")]
    [DataRow(" \t\r\n\u00A0\u2028", "")]
    [DataRow("  a \0\u0007 b\u0085", "a b")]
    [DataRow("a▁b", "a_b")]
    [DataRow("😀 x", "😀 x")]
    public void GivesTheOneForm(string text, string expected) =>
        Assert.AreEqual(expected, TextNormalizer.Normalize(text, lowerCase: false));

    [TestMethod]
    public void InvalidUnicodeBecomesTheReplacementCharacter() =>
        Assert.AreEqual("a\uFFFDb\uFFFD", TextNormalizer.Normalize("a\uD800b\uFFFE", lowerCase: false));

    [TestMethod]
    public void LowersTheCaseOfSurrogatePairsToo() =>
        Assert.AreEqual("äß 𐐨", TextNormalizer.Normalize("Äß 𐐀", lowerCase: true));

    [TestMethod]
    public void ComposesWhatTheRuntimeCanCompose()
    {
        // Under invariant globalization the runtime's own normalisation composes nothing: both must say the same.
        string expected = "e\u0301".Normalize();
        Assert.AreEqual(expected, TextNormalizer.Normalize("e\u0301", lowerCase: false));
    }

    [TestMethod]
    public void IsIdempotent()
    {
        var random = new Random(3);
        for (int i = 0; i < 2000; i++)
        {
            string once = TextNormalizer.Normalize(SentenceMaker.Wild(random), lowerCase: i % 2 == 0);
            Assert.AreEqual(once, TextNormalizer.Normalize(once, lowerCase: i % 2 == 0));
        }
    }

    [TestMethod]
    public void SplitsIntoWordsNumbersAndMarks() =>
        CollectionAssert.AreEqual(
            new[] { "▁A", "▁10", "-", "year", "-", "old", "'", "s", "😀", "▁\"", "x", "_", "\"" },
            PieceSplitter.Split("A 10-year-old's😀 \"x▁\"", lowerCase: false));
}
