using Microsoft.ML.HLstm.Metrics;

namespace Microsoft.ML.HLstm.Tasks.Translation;

[TestClass]
public class TranslationMetricsTests
{
    [TestMethod]
    public void SaysEverythingInOneLine()
    {
        BleuScore score = Bleu.Corpus(["a dog runs in a park", "b"], ["a dog runs in the park", "b"], lowerCase: true);
        var metrics = new TranslationMetrics(score, sentences: 2);
        Assert.AreEqual(score.Score, metrics.Bleu);
        Assert.AreEqual(score.Signature, metrics.Signature);
        Assert.StartsWith("BLEU = ", metrics.ToString());
        Assert.Contains("nrefs:1|case:lc|eff:no|tok:13a|smooth:exp|version:", metrics.ToString());
        Assert.EndsWith(", 2 sentences", metrics.ToString());
        Assert.DoesNotContain("\n", metrics.ToString());
    }

    [TestMethod]
    public void Empty_texts_among_the_references_are_none()
    {
        // sacreBLEU leaves them out, and refuses a sentence with no other.
        var mlContext = new MLContext(1);
        TranslationMetrics Evaluate(params Row[] rows) => mlContext.Translation.Evaluate(mlContext.Data.LoadFromEnumerable(rows), "Label");
        var second = new Row("a b c d", ["a b c d", "a c"]);
        TranslationMetrics expected = Evaluate(new Row("the cat sat", ["the black cat sat down there now"]), second);

        TranslationMetrics found = Evaluate(new Row("the cat sat", ["the black cat sat down there now", ""]), second);

        Assert.AreEqual(expected.Bleu, found.Bleu);
        Assert.AreEqual(expected.Signature, found.Signature);
        Assert.StartsWith("nrefs:var|", found.Signature);
        foreach (string[] none in (string[][])[[], [""]])
            Assert.Contains("Row 1 has no reference in column 'Label'", Assert.ThrowsExactly<InvalidOperationException>(() => Evaluate(second, new Row("a", none))).Message);
    }

    private sealed record Row(string PredictedTranslation, string[] Label);
}
