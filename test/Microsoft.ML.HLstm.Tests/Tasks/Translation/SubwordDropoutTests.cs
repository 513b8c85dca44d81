namespace Microsoft.ML.HLstm.Tests.Tasks.Translation;

[TestClass]
public class SubwordDropoutTests
{
    private static readonly MLContext _mlContext = new(1);

    [TestMethod]
    public void A_model_trained_with_it_translates_sentences_as_they_are()
    {
        TranslationTransformer model = Fit(Options(epochs: 40, dropout: 0.1));

        Assert.IsGreaterThan(90, model.History.Epochs.Max(epoch => epoch.Metric));
    }

    [TestMethod]
    public void It_changes_what_is_trained_on_and_the_seed_decides_how()
    {
        double[] with = Losses(0.2), again = Losses(0.2), without = Losses(0);

        CollectionAssert.AreEqual(with, again);
        CollectionAssert.AreNotEqual(with, without);
    }

    [TestMethod]
    public void It_goes_together_with_a_teacher()
    {
        TranslationOptions options = Options(epochs: 3, dropout: 0.2);
        options.GrowAndPrune = GrowAndPruneSchedule.Compact with { SeedDensity = 1, GrowthRounds = 0, ShiftEpochs = 1, PruningRounds = 1, RecoveryEpochs = 1, FinalRecoveryEpochs = 1, AllowedLoss = 1, Distillation = 0.5 };

        TranslationTransformer model = Fit(options);

        Assert.IsLessThan(model.Statistics.Parameters, model.Statistics.ActiveParameters);
    }

    [TestMethod]
    public void Whole_words_have_no_subwords_to_leave_out()
    {
        TranslationOptions options = TinyCorpus.Options();
        options.SubwordDropout = 0.1;
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.Translation.Trainers.HLstm(options));
        Assert.Contains("SubwordDropout", error.Message);
        Assert.Contains("0.1", error.Message);
        Assert.Contains("Subwords", error.Message);
    }

    [TestMethod]
    public void An_initial_model_of_whole_words_is_refused()
    {
        TranslationTransformer words = _mlContext.Translation.Trainers.Lstm(TinyCorpus.Options(1)).Fit(TinyCorpus.Load(_mlContext));
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _mlContext.Translation.Trainers.Lstm(Options(1, 0.1)).Fit(TinyCorpus.Load(_mlContext), words));
        Assert.Contains("SubwordDropout", error.Message);
        Assert.Contains("whole words", error.Message);
    }

    private static double[] Losses(double dropout) => [.. Fit(Options(epochs: 2, dropout)).History.Epochs.Select(epoch => epoch.Loss)];

    private static TranslationTransformer Fit(TranslationOptions options) => _mlContext.Translation.Trainers.HLstm(options).Fit(TinyCorpus.Load(_mlContext));

    private static TranslationOptions Options(int epochs, double dropout)
    {
        TranslationOptions options = TinyCorpus.Options(epochs);
        (options.Subwords, options.SubwordDropout) = (true, dropout);
        return options;
    }
}
