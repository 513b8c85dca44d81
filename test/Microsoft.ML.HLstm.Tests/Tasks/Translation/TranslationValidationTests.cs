namespace Microsoft.ML.HLstm.Tests.Tasks.Translation;

/// <summary>What validation measures is what the model that is returned gives on the same data.</summary>
[TestClass]
public class TranslationValidationTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    [DataRow(1, 12)]
    [DataRow(4, 12)]
    [DataRow(4, 2)]
    public void It_is_the_metric_of_scoring_with_the_options_beams(int beams, int longest)
    {
        TranslationOptions options = Options();
        options.Decoding = options.Decoding with { BeamWidth = beams, MaximumLength = longest };

        (double kept, double evaluated) = Train(options);

        Assert.AreEqual(kept, evaluated, 1e-9);
    }

    [TestMethod]
    public void It_restricts_translations_to_the_shortlist_and_replaces_unknown_words()
    {
        TranslationOptions options = Options();
        (options.ShortlistSize, options.FrequencyCutoff) = (1, 17);
        // Seen less often than 17 times: the objects, of which each is in 16 of the training sentences.
        (double kept, double evaluated) = Train(options);
        options.ShortlistSize = 0;
        (double whole, double wholeEvaluated) = Train(options);

        Assert.AreEqual(kept, evaluated, 1e-9);
        Assert.AreEqual(whole, wholeEvaluated, 1e-9);
        Assert.AreNotEqual(kept, whole);
    }

    private static TranslationOptions Options()
    {
        // Half learned, so that searches differ.
        TranslationOptions options = TinyCorpus.Options(3);
        options.GrowAndPrune = GrowAndPruneSchedule.None;
        return options;
    }

    private (double Kept, double Evaluated) Train(TranslationOptions options)
    {
        SentenceRow[] held = [.. TinyCorpus.Rows.Where((_, i) => i % 5 == 4)];
        options.ValidationSet = TinyCorpus.Load(_ml, held);
        TranslationTransformer model = _ml.Translation.Trainers.HLstm(options).Fit(TinyCorpus.Load(_ml, TinyCorpus.Rows.Where((_, i) => i % 5 != 4)));
        double kept = model.History.Epochs.Last(epoch => epoch.Best).Metric;
        return (kept, _ml.Translation.Evaluate(model.Transform(options.ValidationSet)).Bleu);
    }
}
