namespace Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;

/// <summary>Every released format stays readable: one zip of each, with what it writes down.</summary>
[TestClass]
public class SpeechFrozenFormatTests
{
    [TestMethod]
    public void A_zip_of_format_1_is_read()
    {
        SpeechRecognitionTransformer model = TinySpeechModel.Load(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Frozen", "speech-format-1.zip")));

        Assert.IsNotNull(model.LanguageModel);
        Assert.IsNull(model.Report);
        CollectionAssert.AreEqual(
            File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Frozen", "speech-format-1.txt")), TinySpeechModel.Transcribe(model));
    }

    /// <summary>
    /// Makes the zip of the present format and its transcripts, for the day it changes: start the tests' program with
    /// <c>--fresh-process Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition.SpeechFrozenFormatTests Write FOLDER</c>.
    /// </summary>
    public static string Write(string[] arguments)
    {
        File.WriteAllBytes(Path.Combine(arguments[0], "speech-format-1.zip"), TinySpeechModel.Zip());
        File.WriteAllLines(Path.Combine(arguments[0], "speech-format-1.txt"), TinySpeechModel.Transcribe(TinySpeechModel.Trained));
        return arguments[0];
    }
}
