namespace Microsoft.ML.HLstm.Tests.Tasks.Translation;

/// <summary>Every released format stays readable: one zip of each, with what it translates.</summary>
[TestClass]
public class FrozenFormatTests
{
    [TestMethod]
    [DataRow("translation-format-1.zip", WeightPrecision.Single)]
    [DataRow("translation-format-1-int8.zip", WeightPrecision.Int8)]
    public void A_zip_of_every_format_is_read(string zip, WeightPrecision precision)
    {
        ITransformer model = new MLContext().Model.Load(Path.Combine(AppContext.BaseDirectory, "Frozen", zip), out _);
        Assert.AreEqual(precision, ((TranslationTransformer)model).Precision);
        Assert.IsNull(((TranslationTransformer)model).Report);

        CollectionAssert.AreEqual(new[] { "i see a house .", "they buy a tree ." }, TinyModel.Translate(model, "ich sehe ein haus .", "ihr kaufe ein baum ."));
    }

    /// <summary>
    /// Makes the zip of the present format, for the day it changes: start the tests' program with
    /// <c>--fresh-process Microsoft.ML.HLstm.Tests.Tasks.Translation.FrozenFormatTests Write FILE PRECISION</c>.
    /// </summary>
    public static string Write(string[] arguments)
    {
        File.WriteAllBytes(arguments[0], TinyModel.Zip(TinyModel.Trained.WithPrecision(Enum.Parse<WeightPrecision>(arguments[1]))));
        return arguments[0];
    }
}
