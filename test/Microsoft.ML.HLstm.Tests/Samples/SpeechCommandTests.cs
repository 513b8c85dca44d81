using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.HLstm;
using Microsoft.ML.HLstm.Tests.Featurizers.Audio;
using Samples.Commands;

namespace Samples;

/// <summary>The speech commands from end to end on recordings of AN4.</summary>
[TestClass]
public sealed class SpeechCommandTests
{
    [TestMethod]
    public void ARecogniserIsTrainedMeasuredConvertedAndTrainedOn()
    {
        using var folder = new TempFolder();
        string data = folder.Write("list.tsv", string.Join('\n', An4.Names.Select((name, i) => $"{Path.Combine(An4.Folder, name)}\t{(i % 2 == 0 ? "GO" : "C M U")}")));
        string zip = folder.PathOf("speech.zip"), json = folder.PathOf("metrics.json"), small = folder.PathOf("small.zip");
        string[] network = ["--state-size", "8", "--layers", "1", "--conv", "4x3x3/2x2,4x3x3/2x2", "--epochs", "1", "--batch-size", "2"];

        Run(["speech", "train", "--data", data, "--valid", data, "--model", zip, "--goal", "none", "--mel-bands", "20", "--fft", "512", "--lm-order", "2",
            "--learning-rate-schedule", "plateau", "--time-masks", "1", "--frequency-masks", "1", "--noise", "0.1", "--speed-change", "0.1", "--report", folder.PathOf("report"), .. network]);
        Run(["speech", "evaluate", "--data", data, "--model", zip, "--json", json, "--beam", "4", "--word-list", "true"]);
        string greedy = folder.PathOf("greedy.json");
        Run(["speech", "evaluate", "--data", data, "--model", zip, "--json", greedy, "--lm-weight", "0"]);
        Assert.Contains("|beam:1|lm:none", File.ReadAllText(greedy));
        Assert.Contains("|beam:4|lm:", File.ReadAllText(json));
        Run(["speech", "convert", "--model", zip, "--precision", "int8", "--output", small]);
        Run(["speech", "convert", "--model", zip, "--beam", "7", "--word-bonus", "1", "--output", folder.PathOf("beam.zip")]);
        Assert.AreEqual((7, 1.0), (Decoding(folder.PathOf("beam.zip")).BeamWidth, Decoding(folder.PathOf("beam.zip")).WordBonus));
        Run(["speech", "convert", "--model", zip, "--data", data, "--output", folder.PathOf("tuned.zip")]);
        Assert.AreEqual(Decoding(zip), Decoding(folder.PathOf("tuned.zip")));
        string arpa = folder.PathOf("words.arpa"), dictionary = folder.Write("words.txt", "MUG  M AH G\nGO(2)  G AO");
        NGramLanguageModel.Estimate(["GO MUG"], 3).SaveArpa(arpa);
        Run(["speech", "convert", "--model", zip, "--words", dictionary, "--lm", arpa, "--beam", "3", "--output", folder.PathOf("words.zip")]);
        CollectionAssert.AreEqual(new[] { "C", "GO", "M", "MUG", "U" }, Recogniser(folder.PathOf("words.zip")).Words.ToArray());
        Assert.AreEqual((3, 3), (Recogniser(folder.PathOf("words.zip")).LanguageModel!.Order, Decoding(folder.PathOf("words.zip")).BeamWidth));
        Run(["speech", "predict", "--model", small, "--word-times", Path.Combine(An4.Folder, An4.Names[0])]);
        string[] further = ["speech", "train", "--data", data, "--valid", data, "--initial", zip, "--model", folder.PathOf("further.zip"), "--goal", "none", .. network];
        Run([.. further, "--words", dictionary]);
        CollectionAssert.AreEqual(new[] { "C", "GO", "M", "MUG", "U" }, Recogniser(folder.PathOf("further.zip")).Words.ToArray());

        var error = new StringWriter();
        Assert.AreEqual(SampleCommandLine.Failure, SampleCommandLine.Run(["speech", "predict", "--model", zip, data], error));
        Assert.Contains("Cannot read the audio of the file", error.ToString());
        Assert.AreEqual(SampleCommandLine.Failure, SampleCommandLine.Run(["speech", "evaluate", "--model", zip, "--data", folder.Write("bad.tsv", "list.tsv\tGO")], error));
        Assert.AreEqual(SampleCommandLine.Failure, SampleCommandLine.Run([.. further, "--words", folder.Write("empty.txt", "\n")], error));
        Assert.Contains("The word list 'empty.txt'", error.ToString());
        Assert.AreEqual(SampleCommandLine.Failure, SampleCommandLine.Run([.. further, "--lm", data], error));
        Assert.Contains("list.tsv", error.ToString());

        using JsonDocument measured = JsonDocument.Parse(File.ReadAllText(json));
        JsonElement root = measured.RootElement;
        Assert.AreEqual(6, root.GetProperty("utterances").GetInt32());
        Assert.AreEqual(12, root.GetProperty("counts").GetProperty("words").GetInt32());
        Assert.IsGreaterThanOrEqualTo(0, root.GetProperty("metrics").GetProperty("WER").GetDouble());
        Assert.IsGreaterThan(0, root.GetProperty("millisecondsPerUtterance").GetDouble());
        // 16-bit samples behind 1,024 bytes of header.
        double seconds = An4.Names.Sum(name => (An4.Bytes(name).Length - 1024) / 2.0 / An4.SampleRate);
        Assert.AreEqual(seconds, root.GetProperty("speeds").GetProperty("seconds of audio").GetDouble(), 1e-6);
        Assert.Contains("Convolutions", File.ReadAllText(folder.PathOf("report/report.md")));
    }

    [TestMethod]
    [DataRow("speech train --data a --model b.zip --conv 3x3", "a")]
    [DataRow("speech train --data a --model b.zip --features mfc", "allowed is logmagnitude, logmel, mfcc")]
    [DataRow("speech predict --beam wide a.wav", "wide")]
    [DataRow("speech convert --lm-unit word --output b.zip", "--lm-unit has no effect without --lm.")]
    [DataRow("speech convert --output b.zip", "give --precision or --words or --lm")]
    [DataRow("speech convert --words none.txt --output b.zip", "none.txt")]
    public void WrongUsageIsOneMessage(string line, string message)
    {
        var error = new StringWriter();
        Assert.AreNotEqual(0, SampleCommandLine.Run(line.Split(' '), error));
        Assert.Contains(message, error.ToString());
        Assert.DoesNotContain("   at ", error.ToString());
    }

    private static CtcDecodingOptions Decoding(string path) => Recogniser(path).Decoding;

    private static SpeechRecognitionTransformer Recogniser(string path) => ModelChain.Find<SpeechRecognitionTransformer>(new MLContext().Model.Load(path, out _));

    private static void Run(string[] args)
    {
        var error = new StringWriter();
        Assert.AreEqual(0, SampleCommandLine.Run(args, error), error.ToString());
    }
}
