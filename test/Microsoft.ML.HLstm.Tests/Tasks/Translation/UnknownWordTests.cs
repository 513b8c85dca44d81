namespace Microsoft.ML.HLstm.Tests.Tasks.Translation;

[TestClass]
public class UnknownWordTests
{
    [TestMethod]
    public void An_unknown_word_is_replaced_by_the_source_word_attended_to()
    {
        // Every name occurs once, which is below the cut-off: training sees the unknown word on both sides.
        string[] frames = ["hier ist {0} .|here is {0} .", "{0} ist da .|{0} is there .", "wo ist {0} jetzt ?|where is {0} now ?"];
        SentenceRow[] rows = [.. Enumerable.Range(0, 90).Select(i => frames[i % 3].Split('|')).Select((pair, i) => new SentenceRow
        {
            German = string.Format(null, pair[0], $"name{(char)('a' + i % 26)}{(char)('a' + i / 26)}x"),
            English = string.Format(null, pair[1], $"name{(char)('a' + i % 26)}{(char)('a' + i / 26)}x"),
        })];
        var mlContext = new MLContext(1);
        TranslationOptions options = TinyCorpus.Options(25);
        options.FrequencyCutoff = 2;

        TranslationTransformer model = mlContext.Translation.Trainers.Lstm(options).Fit(TinyCorpus.Load(mlContext, rows));

        CollectionAssert.AreEqual(new[] { "here is zorro .", "where is zorro now ?" }, TinyModel.Translate(model, "hier ist zorro .", "wo ist zorro jetzt ?"));
    }
}
