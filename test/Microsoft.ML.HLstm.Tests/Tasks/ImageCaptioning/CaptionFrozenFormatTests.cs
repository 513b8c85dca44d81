namespace Microsoft.ML.HLstm.Tests.Tasks.ImageCaptioning;

/// <summary>Every released format stays readable: one zip of each, with its captions.</summary>
[TestClass]
public class CaptionFrozenFormatTests
{
    [TestMethod]
    public void A_zip_of_format_1_is_read()
    {
        var mlContext = new MLContext();
        ITransformer model = mlContext.Model.Load(Path.Combine(AppContext.BaseDirectory, "Frozen", "caption-format-1.zip"), out _);

        Assert.IsNull(((ImageCaptioningTransformer)model).Report);
        CollectionAssert.AreEqual(
            TinyPictures.Captions.ToArray(), TinyPictures.Caption(model, TinyPictures.Load(mlContext)).Select(row => row.PredictedCaption).ToArray());
    }

    /// <summary>
    /// Makes the zip of the present format, for the day it changes: start the tests' program with
    /// <c>--fresh-process Microsoft.ML.HLstm.Tests.Tasks.ImageCaptioning.CaptionFrozenFormatTests Write FILE</c>.
    /// </summary>
    public static string Write(string[] arguments)
    {
        var mlContext = new MLContext();
        mlContext.Model.Save(TinyCaptioner.Trained, TinyPictures.Load(mlContext).Schema, arguments[0]);
        return arguments[0];
    }
}
