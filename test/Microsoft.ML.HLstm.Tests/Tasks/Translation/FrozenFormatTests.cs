namespace Microsoft.ML.HLstm.Tests.Tasks.Translation;

/// <summary>Every released format stays readable: one zip of each, with what it translates.</summary>
[TestClass]
public class FrozenFormatTests
{
    [TestMethod]
    public void Format_1_is_read()
    {
        ITransformer model = new MLContext().Model.Load(Path.Combine(AppContext.BaseDirectory, "Frozen", "translation-format-1.zip"), out _);

        CollectionAssert.AreEqual(new[] { "i see a house .", "they buy a tree ." }, TinyModel.Translate(model, "ich sehe ein haus .", "ihr kaufe ein baum ."));
    }

    /// <summary>
    /// Makes the zip of the present format, for the day it changes: start the tests' program with
    /// <c>--fresh-process Microsoft.ML.HLstm.Tests.Tasks.Translation.FrozenFormatTests Write FILE</c>.
    /// </summary>
    public static string Write(string[] arguments)
    {
        File.WriteAllBytes(arguments[0], TinyModel.Zip());
        return arguments[0];
    }
}
