using Microsoft.ML.HLstm.Tests.Tasks.Translation;

namespace Microsoft.ML.HLstm.Tests.Training;

[TestClass]
public class LearningRateScheduleTests
{
    [TestMethod]
    public void The_cosine_falls_to_zero_over_all_epochs_whatever_the_metric_does()
    {
        const int Epochs = 5;
        TranslationOptions options = TinyCorpus.Options(Epochs);
        (options.LearningRateSchedule, options.EarlyStoppingPatience, options.LearningRate) = (LearningRateSchedule.Cosine, 1, 1e-3);

        TranslationTransformer model = new MLContext(1).Translation.Trainers.Lstm(options).Fit(TinyCorpus.Load(new MLContext(1)));

        double[] expected = [.. Enumerable.Range(0, Epochs).Select(epoch => 0.5e-3 * (1 + Math.Cos(Math.PI * epoch / Epochs)))];
        double[] found = [.. model.History.Epochs.Select(epoch => epoch.LearningRate)];
        Assert.HasCount(Epochs, found);
        for (int i = 0; i < Epochs; i++)
            Assert.AreEqual(expected[i], found[i], 1e-15);
    }

    [TestMethod]
    public void A_schedule_that_is_none_is_refused_by_name()
    {
        TranslationOptions options = TinyCorpus.Options(1);
        options.LearningRateSchedule = (LearningRateSchedule)7;

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new MLContext(1).Translation.Trainers.Lstm(options));

        StringAssert.Contains(error.Message, "LearningRateSchedule is 7; allowed is one of Plateau, Cosine");
    }
}
