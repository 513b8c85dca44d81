namespace Microsoft.ML.HLstm.Metrics;

[TestClass]
public class BleuTests
{
    // The example of sacreBLEU's README and of its test/test_bleu.py.
    private static readonly string[] _system = ["The dog bit the man.", "It wasn't surprising.", "The man had just bitten him."];
    private static readonly string[] _first = ["The dog bit the man.", "It was not unexpected.", "The man bit him first."];
    private static readonly string[] _second = ["The dog had bit the man.", "No one was surprised.", "The man had bitten the dog."];

    [TestMethod]
    public void TheReadmeExampleHasThePublishedScore()
    {
        BleuScore score = Bleu.Corpus(_system, [_first, _second]);
        Assert.AreEqual(48.530827, score.Score, 1e-6); // sacreBLEU test/test_bleu.py
        Assert.AreEqual("BLEU = 48.53 82.4/50.0/45.5/37.5 (BP = 0.943 ratio = 0.944 hyp_len = 17 ref_len = 18)", score.ToString()); // its README
        Assert.AreEqual("nrefs:2|case:mixed|eff:no|tok:13a|smooth:exp|version:hlstm-0.1.0", score.Signature);
        Assert.AreEqual(48.530827, Bleu.Corpus(_system, [_first, _second], smoothing: BleuSmoothing.None).Score, 1e-6);
    }

    [TestMethod]
    public void TheNumberOfReferencesMayVary()
    {
        string?[] firstWithoutOne = [null, _first[1], _first[2]];
        BleuScore score = Bleu.Corpus(_system, [firstWithoutOne, _second]);
        Assert.AreEqual("BLEU = 29.44 82.4/42.9/27.3/12.5 (BP = 0.889 ratio = 0.895 hyp_len = 17 ref_len = 19)", score.ToString()); // README
        Assert.StartsWith("nrefs:var|", score.Signature);
    }

    [TestMethod]
    [DataRow(false, 10.1131171356)]
    [DataRow(true, 60.6787028136)]
    public void LowerCaseIsAnOption(bool lowerCase, double expected)
    {
        BleuScore score = Bleu.Corpus(["A MAN in a blue shirt.", "two Dogs"], ["a man in a Blue shirt is standing.", "Two dogs run"], lowerCase);
        Assert.AreEqual(expected, score.Score, 1e-9); // computed with sacreBLEU
        Assert.Contains(lowerCase ? "|case:lc|" : "|case:mixed|", score.Signature);
    }

    [TestMethod]
    public void SentenceScoresAreThePublishedOnes()
    {
        // sacreBLEU test/test_sentence_bleu.py, its issues 98 and 141.
        const string Reference = "producţia de zahăr brut se exprimă în zahăr alb;";
        const string Hypothesis = "Producția de zahăr primă va fi exprimată în ceea ce privește zahărul alb;";
        BleuScore score = Bleu.Sentence(Hypothesis, [Reference]);
        Assert.AreEqual(8.493, score.Score, 1e-3);
        Assert.Contains("|eff:yes|", score.Signature);
        Assert.AreEqual(0, Bleu.Sentence(Hypothesis, [Reference], smoothing: BleuSmoothing.None).Score);
        Assert.AreEqual(0, Bleu.Sentence("this is a cat", ["okay thanks"]).Score);
    }

    [TestMethod]
    [DataRow("test", "a test", 36.78794411714425)]
    [DataRow("a test", "a test", 100.0)]
    [DataRow("this is a test", "this is a test", 100.0)]
    [DataRow("cat", "cat", 100.0)]
    public void EffectiveOrderScoresShortSentences(string hypothesis, string reference, double expected) =>
        Assert.AreEqual(expected, Bleu.Sentence(hypothesis, [reference]).Score, 1e-8); // first three: test/test_bleu.py

    [TestMethod]
    [DataRow("cat", "cat", 0.0)]
    [DataRow("a cat sat", "a cat sat", 0.0)]
    [DataRow("a cat sat down", "a cat sat down", 100.0)]
    [DataRow("the the the the", "the cat is on the mat", 11.5215909923)]
    [DataRow("", "a cat sat down", 0.0)]
    [DataRow("", "", 0.0)]
    [DataRow("a cat", "", 0.0)]
    public void CornerCasesScoreAsInSacreBleu(string hypothesis, string reference, double expected) =>
        Assert.AreEqual(expected, Bleu.Corpus([hypothesis], [reference]).Score, 1e-9);

    [TestMethod]
    public void EmptyHypothesesCount()
    {
        Assert.AreEqual(0, Bleu.Corpus(["", "", ""], [_first, _second]).Score); // test/test_bleu.py
        Assert.AreEqual(0, Bleu.Corpus(["", "", ""], [_first, _second]).BrevityPenalty);
        Assert.AreEqual(1, Bleu.Corpus([""], [""]).BrevityPenalty);
        BleuScore half = Bleu.Corpus(["a b c d", ""], ["a b c d", "a b c d"]);
        Assert.AreEqual(100 * Math.Exp(-1), half.Score, 1e-9);
    }

    [TestMethod]
    public void OfEquallyCloseReferencesTheShorterCounts() =>
        Assert.AreEqual(4, Bleu.Corpus(["a b c d e f"], [["a b c d e f g h"], ["a b c d"]]).ReferenceLength);

    [TestMethod]
    public void DifferentNumbersOfSentencesAreRefusedNamingBoth()
    {
        string message = Assert.ThrowsExactly<ArgumentException>(() => Bleu.Corpus(["a", "b", "c"], ["a", "b"])).Message;
        Assert.Contains("3 hypotheses and 2 references", message);
    }

    [TestMethod]
    public void NothingToScoreIsRefused()
    {
        Assert.Contains("0 hypotheses", Assert.ThrowsExactly<ArgumentException>(() => Bleu.Corpus([], (IReadOnlyList<string>)[])).Message);
        Assert.Contains("Hypothesis 1 has 0 references", Assert.ThrowsExactly<ArgumentException>(() => Bleu.Corpus(["a", "b"], [["a", null]])).Message);
        Assert.Contains("0 references", Assert.ThrowsExactly<ArgumentException>(() => Bleu.Sentence("a", [])).Message);
    }
}
