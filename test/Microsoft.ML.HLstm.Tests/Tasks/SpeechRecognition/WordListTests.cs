using System.Text;
using Microsoft.ML.HLstm.Tasks.SpeechRecognition;
using Microsoft.ML.HLstm.Tests.TestSupport;
using Samples;

namespace Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;

/// <summary>Words that may be said although nobody said them in training.</summary>
[TestClass]
public sealed class WordListTests
{
    private static readonly CtcDecodingOptions _restricted = new() { BeamWidth = 32, LanguageModelWeight = 0, RestrictToWordList = true };

    [TestMethod]
    public void A_pronouncing_dictionary_is_a_list_of_words()
    {
        string text = ";;; a comment\r\nREAD                R IY D\r\nREAD(2)\tR EH D\n\n  ZÜRICH\nA\n(\nSMILE:(  S\nF(X)\n</s> SIL\nA A";
        CollectionAssert.AreEqual(new[] { "(", "A", "F(X)", "READ", "SMILE:(", "ZÜRICH" }, Read(text));
        CollectionAssert.AreEqual(new[] { "a", "read", "zürich" }, Read("READ(12) R\nA\nZÜRICH", lowerCase: true));
    }

    [TestMethod]
    [DataRow("", "0 lines")]
    [DataRow(";;; nothing\n\n<s>\n", "0 words")]
    public void A_list_without_words_is_named(string text, string expected)
    {
        string message = Assert.ThrowsExactly<InvalidDataException>(() => Read(text)).Message;
        Assert.Contains("'words.txt'", message);
        Assert.Contains(expected, message);
    }

    [TestMethod]
    public void Words_that_are_too_long_and_bytes_that_are_no_text_are_named()
    {
        string message = Assert.ThrowsExactly<InvalidDataException>(() => Read("short\n" + new string('é', 128))).Message;
        Assert.Contains("Line 2 of the word list 'words.txt'", message);
        Assert.Contains("256 bytes", message);
        using var folder = new TempFolder();
        string path = folder.PathOf("words.txt");
        File.WriteAllBytes(path, [(byte)'a', 0xff, 0xfe, (byte)'\n']);
        Assert.Contains("'words.txt' is not text in UTF-8", Assert.ThrowsExactly<InvalidDataException>(() => WordListFile.Read(path, false)).Message);
    }

    [TestMethod]
    public void Listed_words_are_heard_known_and_saved()
    {
        using var folder = new TempFolder();
        string path = folder.PathOf("words.txt");
        File.WriteAllText(path, "dab\ncab\nnaïve\n");
        var mlContext = new MLContext(1);
        List<string> warnings = Warnings.Of(mlContext);
        SpeechRecognitionOptions options = TinySpeech.Options();
        (options.WordListFile, options.LanguageModelOrder, options.LanguageModelClasses, options.Decoding) = (path, 2, 2, _restricted);
        var phases = new List<TrainingPhase>();
        options.Progress = new Progress(value => phases.Add(value.Phase));

        SpeechRecognitionTransformer model = mlContext.SpeechRecognition.Trainers.HLstm(options).Fit(TinySpeech.Load(mlContext));

        Assert.AreEqual(TrainingPhase.Prepare, phases[0], "Words are put into classes first.");
        CollectionAssert.AreEqual(new[] { "ab", "bad", "cab", "cad", "da", "dab", "dac" }, model.Words.ToArray());
        Assert.IsTrue(model.LanguageModel!.Vocabulary.TryFind("dab", out _));
        Assert.Contains("1 of 3 words", warnings.Single(warning => warning.Contains("words.txt", StringComparison.Ordinal)));
        Assert.Contains("'naïve'", warnings.Single(warning => warning.Contains("words.txt", StringComparison.Ordinal)));
        SpokenRow[] strange = [TinySpeech.Say("dab", 1), TinySpeech.Say("cab da", 2)];
        string[] expected = ["dab", "cab da"];
        CollectionAssert.AreEqual(expected, TinySpeechModel.Transcribe(TinySpeechModel.Load(TinySpeechModel.Zip(model)), strange));
        CollectionAssert.AreNotEqual(expected, TinySpeechModel.Transcribe(model.WithWords(["ab", "cad", "da"]), strange));
    }

    [TestMethod]
    public void A_trained_model_takes_other_words()
    {
        SpeechRecognitionTransformer model = TinySpeechModel.Trained.WithDecoding(_restricted);
        SpokenRow[] strange = [TinySpeech.Say("dab", 1)];
        Assert.AreNotEqual("dab", TinySpeechModel.Transcribe(model, strange).Single());
        Assert.AreEqual("dab", TinySpeechModel.Transcribe(model.WithWords([.. model.Words, "dab"]), strange).Single());
        Assert.Contains("'a b'", Assert.ThrowsExactly<ArgumentException>(() => model.WithWords(["a b"])).Message);
        Assert.Contains("0 can be written", Assert.ThrowsExactly<ArgumentException>(() => model.WithWords(["xyz"])).Message);
    }

    [TestMethod]
    public void A_trained_model_takes_the_words_of_a_file_beside_its_own()
    {
        using var folder = new TempFolder();
        SpeechRecognitionTransformer model = TinySpeechModel.Trained.WithDecoding(_restricted);
        string[] words = [.. model.WithWordList(folder.Write("words.txt", "dab D AE B\nNAÏVE\nDAB\n")).Words];
        CollectionAssert.AreEqual(model.Words.Append("dab").Order(StringComparer.Ordinal).ToArray(), words);
        CollectionAssert.AreEqual(words, model.WithWordList(folder.Write("upper.txt", "DAB\n"), lowerCase: true).Words.ToArray());
        string message = Assert.ThrowsExactly<InvalidDataException>(() => model.WithWordList(folder.Write("other.txt", "DAB\nXYZ\n"))).Message;
        Assert.Contains("'other.txt' has 2 words ('DAB', ...), of which 0", message);
        Assert.ThrowsExactly<FileNotFoundException>(() => model.WithWordList(folder.PathOf("none.txt")));
    }

    [TestMethod]
    public void Files_that_cannot_be_used_are_refused_before_training()
    {
        using var folder = new TempFolder();
        string path = folder.PathOf("words.txt");
        var mlContext = new MLContext(1);
        SpeechRecognitionOptions options = TinySpeech.Options();
        options.WordListFile = path;
        Assert.Contains("WordListFile", Assert.ThrowsExactly<ArgumentException>(() => mlContext.SpeechRecognition.Trainers.HLstm(options)).Message);

        options.Progress = new Progress(_ => Assert.Fail("Training has begun."));
        File.WriteAllText(path, "DAB\nCAB\n");
        string message = Assert.ThrowsExactly<ArgumentException>(() => mlContext.SpeechRecognition.Trainers.HLstm(options).Fit(TinySpeech.Load(mlContext))).Message;
        Assert.Contains("of its 2 words 0", message);
        Assert.Contains("'CAB', 'DAB'", message);

        File.WriteAllText(path, "\n");
        Assert.ThrowsExactly<InvalidDataException>(() => mlContext.SpeechRecognition.Trainers.HLstm(options).Fit(TinySpeech.Load(mlContext)));
    }

    [TestMethod]
    public void A_checkpoint_belongs_to_the_words_of_a_list_wherever_it_lies()
    {
        using var folder = new TempFolder();
        var mlContext = new MLContext(1);
        SpeechRecognitionOptions options = TinySpeech.Options(1);
        options.CheckpointFolder = folder.PathOf("checkpoints");
        ulong Fit(string name, string words)
        {
            options.WordListFile = folder.Write(name, words);
            return mlContext.SpeechRecognition.Trainers.HLstm(options).Fit(TinySpeech.Load(mlContext)).Model.Fingerprint();
        }

        ulong trained = Fit("words.txt", "dab\n");

        Assert.AreEqual(trained, Fit("moved.txt", "dab\n"));
        Assert.Contains("WordListFile=a file of fingerprint", Assert.Throws<CheckpointException>(() => Fit("words.txt", "cab\n")).Message);
        options.WordListFile = null;
        Assert.Contains("WordListFile=default", Assert.Throws<CheckpointException>(() => mlContext.SpeechRecognition.Trainers.HLstm(options).Fit(TinySpeech.Load(mlContext))).Message);
    }

    private static string[] Read(string text, bool lowerCase = false)
    {
        using var folder = new TempFolder();
        string path = folder.PathOf("words.txt");
        File.WriteAllText(path, text, Encoding.UTF8);
        return [.. WordListFile.Read(path, lowerCase)];
    }

    private sealed class Progress(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
