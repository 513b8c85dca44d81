namespace Microsoft.ML.HLstm.Metrics;

[TestClass]
public class TranscriptScoringTests
{
    [TestMethod]
    [DataRow("hello world", "hello duck", 0.5)] // jiwer's documentation, "Usage"
    [DataRow("hello world", "hello world", 0.0)]
    [DataRow("a", "b c d", 3.0)]
    public void WordErrorRates(string reference, string hypothesis, double expected) =>
        Assert.AreEqual(expected, Score((reference, hypothesis)).Words.Rate, 1e-12);

    [TestMethod]
    public void CorpusRatesAreTotalsAndMeansAreOfUtterances()
    {
        // Both corpora are those of jiwer's documentation.
        TranscriptScoring words = Score(("hello world", "hello duck"), ("i like monthy python", "i like python"));
        Assert.AreEqual(2.0 / 6, words.Words.Rate, 1e-12);
        Assert.AreEqual((0.5 + 0.25) / 2, words.MeanWordRate, 1e-12);
        TranscriptScoring characters = Score(("i can spell", "i kan cpell"), ("i hope", "i hop"));
        Assert.AreEqual(3.0 / 17, characters.Characters.Rate, 1e-12);
        Assert.AreEqual(((2.0 / 11) + (1.0 / 6)) / 2, characters.MeanCharacterRate, 1e-12);
    }

    [TestMethod]
    public void AlignmentsAreThePublishedOnes()
    {
        // jiwer's documentation, "Alignment": substitutions=2 deletions=2 insertions=4 hits=5, wer=88.89%.
        TranscriptScoring scoring = Score(
            ("short one here", "shoe order one"),
            ("quite a bit of longer sentence", "quite bit of an even longest sentence here"));
        Assert.AreEqual(new ErrorCounts(5, 2, 2, 4), scoring.Words);
        Assert.AreEqual(0.8889, scoring.Words.Rate, 1e-4);
        TranscriptErrors[] worst = scoring.Worst();
        Assert.AreEqual(
            """
            REF:  quite a bit of ** **** longer  sentence ****
            HYP:  quite * bit of an even longest sentence here
            EVAL:       D        I  I    S                I
            """.ReplaceLineEndings("\n"), worst[0].Alignment);
        Assert.AreEqual(
            """
            REF:  **** short one here
            HYP:  shoe order one ****
            EVAL: I    S         D
            """.ReplaceLineEndings("\n"), worst[1].Alignment);
    }

    [TestMethod]
    public void TheWorstUtterancesComeFirst()
    {
        var scoring = new TranscriptScoring(lowerCase: false, worst: 3);
        scoring.Add("a b c", "a b c");
        scoring.Add("a b c", "a b");
        scoring.Add("a bb c", "a dd c");
        scoring.Add("a b c", "a d c");
        scoring.Add("a b c", "d e f");
        scoring.Add("a b c", "a e c");
        TranscriptErrors[] worst = scoring.Worst();
        CollectionAssert.AreEqual(new long[] { 4, 1, 2 }, worst.Select(errors => errors.Row).ToArray());
        Assert.AreEqual("row 4: (#C #S #D #I) 0 3 0 0\n" + worst[0].Alignment, worst[0].ToString());
        Assert.IsEmpty(new TranscriptScoring(lowerCase: false, worst: 0).Worst());
    }

    [TestMethod]
    public void EmptyReferencesCountInTotalsAndNotInMeans()
    {
        TranscriptScoring scoring = Score(("", ""), (" ", "noise"), ("a b", "a"), ("a b", ""));
        Assert.AreEqual(new ErrorCounts(1, 0, 3, 1), scoring.Words);
        Assert.AreEqual(4.0 / 4, scoring.Words.Rate);
        Assert.AreEqual((0.5 + 1) / 2, scoring.MeanWordRate);
        Assert.AreEqual((4, 2, 3), (scoring.Utterances, scoring.Spoken, scoring.Wrong));
        Assert.AreEqual(double.NaN, Score(("", "a")).Words.Rate);
    }

    [TestMethod]
    public void SpacesAndCaseAreAsDocumented()
    {
        Assert.AreEqual(0, Score(("  a \t b ", "a b")).Characters.Edits);
        Assert.AreEqual(2, Score(("A b", "a B")).Words.Edits);
        var lower = new TranscriptScoring(lowerCase: true, worst: 1);
        lower.Add("A b", "a B");
        Assert.AreEqual(0, lower.Words.Edits);

        // A code point outside the basic plane is one character, and a missing space is an error.
        Assert.AreEqual(new ErrorCounts(2, 1, 0, 0), Score(("a 😀", "a 😁")).Characters);
        Assert.AreEqual(new ErrorCounts(2, 0, 1, 0), Score(("a b", "ab")).Characters);
    }

    private static TranscriptScoring Score(params (string Reference, string Hypothesis)[] utterances)
    {
        var scoring = new TranscriptScoring(lowerCase: false, worst: 10);
        foreach ((string reference, string hypothesis) in utterances)
            scoring.Add(reference, hypothesis);
        return scoring;
    }
}
