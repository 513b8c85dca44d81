namespace Microsoft.ML.HLstm.Tests.Tasks.ImageCaptioning;

/// <summary>What validation measures is what the model that is returned gives on the same data.</summary>
[TestClass]
public class CaptionValidationTests
{
    [TestMethod]
    [DataRow(1, 10)]
    [DataRow(4, 10)]
    [DataRow(4, 2)]
    public void It_is_the_metric_of_scoring_with_the_options_beams(int beams, int longest)
    {
        var mlContext = new MLContext(1);
        // Half learned, so that searches differ.
        ImageCaptioningOptions options = TinyPictures.Options(12);
        options.GrowAndPrune = GrowAndPruneSchedule.None;
        options.Decoding = options.Decoding with { BeamWidth = beams, MaximumLength = longest };
        options.ValidationSet = TinyPictures.Load(mlContext);

        ImageCaptioningTransformer model = mlContext.ImageCaptioning.Trainers.HLstm(options).Fit(options.ValidationSet);

        double kept = model.History.Epochs.Last(epoch => epoch.Best).Metric;
        Assert.IsInRange(1, 999, kept);
        Assert.AreEqual(kept, 100 * mlContext.ImageCaptioning.Evaluate(model.Transform(options.ValidationSet)).CiderD, 1e-9);
    }
}
