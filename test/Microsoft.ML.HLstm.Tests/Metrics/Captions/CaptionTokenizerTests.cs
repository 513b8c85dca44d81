namespace Microsoft.ML.HLstm.Metrics.Captions;

/// <summary>The expected tokens are what the Stanford tokeniser (CoreNLP 3.4.1) gave for these made-up sentences with the evaluation's options.</summary>
[TestClass]
public sealed class CaptionTokenizerTests
{
    [TestMethod]
    [DataRow("A man isn't (really) riding a \"big\" horse, is he?", "a man is n't -lrb- really -rrb- riding a big horse is he")]
    [DataRow("The colour is grey - 3,000 t-shirts...", "the colour is grey 3,000 t-shirts")]
    [DataRow("Two dogs are playing;one is black/white and the other's brown.", "two dogs are playing one is black/white and the other 's brown")]
    [DataRow("AT&T and at&t and R&amp;B", "at&t and at & t and r&b")]
    [DataRow("a cannot gonna wanna 'tis", "a can not gon na wan na 't is")]
    [DataRow("don't can't won't shouldn't've", "do n't ca n't wo n't should n't 've")]
    [DataRow("it costs $5.99 or US$10 or £4 or 50% off #1", "it costs $ 5.99 or us$ 10 or # 4 or 50 % off # 1")]
    [DataRow("At 10:30 a.m. on 12/25/2014 in the U.S. near Washington D.C.", "at 10:30 a.m. on 12/25/2014 in the u.s. near washington d.c.")]
    [DataRow("half 1/2 and 1 1/2 cups ½", "half 1/2 and 1\u00A01/2 cups 1/2")]
    [DataRow("well--known dash – and — em --- triple ---- quad ----- five", "well known dash and em triple quad ----- five")]
    [DataRow("wow!!! really?! yes!", "wow !!! really ?! yes")]
    [DataRow("a dog.A cat jumps.", "a dog.a cat jumps")]
    [DataRow("“curly” ‘single’ «guillemets»", "curly single guillemets")]
    [DataRow("e-mail me@example.com at http://www.example.com/a/b or example.com", "e-mail me@example.com at http://www.example.com/a/b or example.com")]
    [DataRow("café naïve über", "café naïve über")]
    [DataRow("a * star and a_b under_score ~ tilde = equal", "a * star and a_b under_score ~ tilde = equal")]
    [DataRow("a 5-year-old boy with a number-23 jersey", "a 5-year-old boy with a number-23 jersey")]
    [DataRow("plan B.", "plan b.")]
    [DataRow("I. The man and J. Smith", "i the man and j. smith")]
    [DataRow("c++ and C# code", "c++ and c# code")]
    [DataRow("it's a girl' s toy", "it 's a girl s toy")]
    [DataRow("line\nbreak", "line break")]
    [DataRow(" . ", "")]
    public void SplitsAsTheEvaluationDoes(string caption, string expected) =>
        Assert.AreEqual(expected, string.Join(' ', CaptionTokenizer.Tokenize(caption)));
}
