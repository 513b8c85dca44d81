namespace Microsoft.ML.HLstm.Metrics.Captions;

[TestClass]
public sealed class CaptionScoringTests
{
    private static readonly string[] _words = ["a", "the", "man", "dog", "woman", "runs", "sits", "in", "on", "with", "red", "ball", "park", "street", "two", "child", "water"];

    private long _state = 12345;

    /// <summary>A pseudo-random corpus that the COCO caption evaluation (salaniz/pycocoevalcap, commit ad63453) has scored; the same generator made it.</summary>
    [TestMethod]
    public void ACorpusHasTheScoresOfTheCocoCaptionEvaluation()
    {
        var scoring = new CaptionScoring();
        for (int i = 0; i < 200; i++)
        {
            string sentence = string.Join(' ', Enumerable.Range(0, Next(14)).Select(_ => _words[Next(_words.Length)]).ToArray());
            string[] references = [Noisy(sentence), Noisy(sentence), Noisy(sentence)];
            scoring.Add(Noisy(sentence), references);
        }

        CaptionScores scores = scoring.Compute();
        Assert.AreEqual(2.9427478513408074, scores.CiderD, 1e-12);
        Assert.AreEqual(0.8368263473047629, scores.Bleu[0], 1e-12);
        Assert.AreEqual(0.698763180036548, scores.Bleu[1], 1e-12);
        Assert.AreEqual(0.5817654259901827, scores.Bleu[2], 1e-12);
        Assert.AreEqual(0.48605112952060525, scores.Bleu[3], 1e-12);
        Assert.AreEqual(0.7283398962148963, scores.RougeL, 1e-12);
        Assert.AreEqual(200, scores.Images);
        Assert.StartsWith("nrefs:3|tok:ptb|case:lc|df:refs-200|", scores.Signature);
    }

    [TestMethod]
    public void SentencesHaveTheScoresOfTheCocoCaptionEvaluation()
    {
        var scoring = new CaptionScoring();
        scoring.Add("A dog runs in the park.", ["A dog is running in the park.", "The dog runs across the park!"]);
        scoring.Add("Two children play with a red ball", ["Two kids play with a ball", "Children are playing with a red ball outside"]);
        scoring.Add("a man sits", ["a man is sitting on a bench", "a man sits"]);
        CaptionScores scores = scoring.Compute();
        Assert.AreEqual(3.827486571723751, scores.CiderD, 1e-12);
        Assert.AreEqual(0.48415247125718974, scores.Bleu[3], 1e-12);
        Assert.AreEqual(0.8462525395189441, scores.RougeL, 1e-12);
    }

    [TestMethod]
    public void IdenticalCaptionsHaveTheBestScores()
    {
        var scoring = new CaptionScoring();
        foreach (string caption in (string[])["a dog runs in the park", "two children play with a ball", "men ride brown horses"])
            scoring.Add(caption, [caption, caption]);
        CaptionScores scores = scoring.Compute();
        Assert.AreEqual(10, scores.CiderD, 1e-12);
        Assert.AreEqual(1, scores.RougeL, 1e-12);
        Assert.AreEqual(1, scores.Bleu[3], 1e-8);
    }

    [TestMethod]
    public void CiderDIsWhatItsFormulaSays()
    {
        // Words occur in one document each but for x, which occurs in both and weighs nothing; ln 2 cancels out of every cosine.
        var scoring = new CaptionScoring();
        scoring.Add("x b b", ["x b c d"]);
        scoring.Add("e f g h x", ["e f g h x"]);
        double penalty = Math.Exp(-1.0 / 72);
        double words = 1 * 1 / (2 * Math.Sqrt(3)); // of b twice at most one counts, against b, c and d
        double pairs = 1 / (Math.Sqrt(2) * Math.Sqrt(3)); // "x b" of "x b", "b b" and of "x b", "b c", "c d"
        double first = 10 * penalty * (words + pairs) / 4;
        Assert.AreEqual((first + 10) / 2, scoring.Compute().CiderD, 1e-12);
    }

    [TestMethod]
    public void DocumentFrequenciesMayComeFromACorpus()
    {
        // "a" is in every image here; in the corpus it is in one of two, as "b" is, so that both weigh alike.
        var scoring = new CaptionScoring();
        scoring.Add("a b", ["a c"]);
        scoring.Add("a", ["a"]);
        Assert.AreEqual(0, scoring.Compute().CiderD, 1e-12);
        scoring.AddToCorpus(["a b", "a c"]);
        scoring.AddToCorpus(["d"]);
        CaptionScores scores = scoring.Compute();
        double first = 10 * (0.5 + 0) / 4;
        double second = 10 * 1.0 / 4;
        Assert.AreEqual((first + second) / 2, scores.CiderD, 1e-12);
        Assert.Contains("|df:corpus-2|", scores.Signature);
    }

    [TestMethod]
    public void OneImageHasNoCiderD()
    {
        var scoring = new CaptionScoring();
        scoring.Add("a dog runs fast", ["a dog runs fast"]);
        Assert.AreEqual(0, scoring.Compute().CiderD);
    }

    [TestMethod]
    [DataRow("", "", 1.0)]
    [DataRow("", "a dog", 0.0)]
    [DataRow("a dog", "", 0.0)]
    [DataRow("police killed the gunman", "police kill the gunman", 0.75)]
    public void RougeLOfSentences(string hypothesis, string reference, double expected)
    {
        var scoring = new CaptionScoring();
        scoring.Add(hypothesis, [reference]);
        Assert.AreEqual(expected, scoring.Compute().RougeL, 1e-12);
    }

    [TestMethod]
    public void RougeLTakesPrecisionAndRecallFromTheBestReferenceOfEach()
    {
        var scoring = new CaptionScoring();
        scoring.Add("a b c d", ["a c", "a b c d e f g h"]);
        (double precision, double recall, double beta2) = (1, 1, 1.44);
        Assert.AreEqual((1 + beta2) * precision * recall / (recall + (beta2 * precision)), scoring.Compute().RougeL, 1e-12);
    }

    [TestMethod]
    public void BleuIsWhatItsFormulaSays()
    {
        var scoring = new CaptionScoring();
        scoring.Add("a b c", ["a b x y", "a b c d e"]);
        CaptionScores scores = scoring.Compute();
        double penalty = Math.Exp(1 - (4.0 / 3));
        Assert.AreEqual(penalty, scores.Bleu[0], 1e-8);
        Assert.AreEqual(penalty, scores.Bleu[2], 1e-8);
        Assert.IsLessThan(1e-1, scores.Bleu[3]); // no 4-gram: the evaluation's tiny number takes the place of 0
    }

    [TestMethod]
    public void NothingToScoreIsRefused()
    {
        Assert.Contains("0 captions", Assert.ThrowsExactly<InvalidOperationException>(() => new CaptionScoring().Compute()).Message);
        Assert.Contains("0 references", Assert.ThrowsExactly<ArgumentException>(() => new CaptionScoring().Add("a", [])).Message);
    }

    private string Noisy(string sentence) =>
        string.Join(' ', sentence.Split(' ').Select(word => Next(4) == 0 ? _words[Next(_words.Length)] : word).ToArray());

    private int Next(int bound)
    {
        _state = ((_state * 1103515245) + 12345) % 2147483648;
        return (int)((_state >> 8) % bound);
    }
}
