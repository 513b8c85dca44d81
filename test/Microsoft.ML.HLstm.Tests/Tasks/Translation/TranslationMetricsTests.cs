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
}
