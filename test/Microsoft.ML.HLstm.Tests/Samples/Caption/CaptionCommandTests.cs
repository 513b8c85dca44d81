using System.Text.Json;
using Microsoft.ML.HLstm.Tests.TestSupport;
using Samples.Commands;

namespace Samples.Caption;

[TestClass]
public sealed class CaptionCommandTests
{
    private static readonly (string Name, byte Red, byte Green, byte Blue)[] _colours = [("red", 255, 0, 0), ("green", 0, 255, 0), ("blue", 0, 0, 255)];

    [TestMethod]
    public void TrainsMeasuresAndDescribesColours()
    {
        using var folder = new TempFolder();
        string captions = "";
        foreach ((string name, byte red, byte green, byte blue) in _colours)
        {
            TestImage.Write(folder.PathOf($"{name}.png"), red, green, blue);
            captions += string.Concat(Enumerable.Range(0, 20).Select(i => $"{name}.png#{i}\tA {name} square lies on paper .\n"));
        }

        string file = folder.Write("captions.token.txt", captions);
        string cnn = TinyCnn.Write(folder.PathOf("cnn.onnx"), 8);
        (string model, string cache) = (folder.PathOf("model.zip"), folder.PathOf("cache"));
        Run("caption", "train", "--data", folder.Path, file, "--valid", folder.Path, file, "--patience", "60", "--cnn", cnn, "--model", model, "--cache", cache, "--goal", "none", "--epochs", "60",
            "--state-size", "16", "--embedding-size", "16", "--frequency-cutoff", "1", "--dropout", "0", "--learning-rate", "0.02", "--batch-size", "6");
        Assert.HasCount(3, Directory.EnumerateFiles(cache, "*.features", SearchOption.AllDirectories).ToArray());

        string json = folder.PathOf("metrics.json");
        Run("caption", "evaluate", "--data", folder.Path, file, "--model", model, "--json", json, "--cache", cache);
        string metrics = File.ReadAllText(json);
        using (var document = JsonDocument.Parse(metrics))
            Assert.IsGreaterThan(100.0, document.RootElement.EnumerateObject().Single(property => property.Value.ValueKind == JsonValueKind.Object && property.Value.TryGetProperty("CIDEr-D", out _)).Value.GetProperty("CIDEr-D").GetDouble());
        Assert.HasCount(3, Directory.EnumerateFiles(cache, "*.features", SearchOption.AllDirectories).ToArray());

        File.Delete(cnn);
        string page = folder.PathOf("page.html");
        Run("caption", "predict", "--model", model, "--html", page, folder.PathOf("blue.png"), folder.PathOf("red.png"));
        string html = File.ReadAllText(page);
        Assert.Contains("<strong>a blue square", html);
        Assert.Contains("<strong>a red square", html);
        Assert.Contains("<table>", html);
        Assert.IsGreaterThan(html.IndexOf("blue.png", StringComparison.Ordinal), html.IndexOf("red.png", StringComparison.Ordinal));

        string missing = folder.PathOf("missing.png");
        Fails(SampleCommandLine.Failure, $"The image '{missing}' cannot be used: the file does not exist.", "caption", "predict", "--model", model, missing);
        Fails(SampleCommandLine.WrongUsage, "--cnn-size is 0; allowed is 1 to 10000.", "caption", "train", "--data", folder.Path, file, "--cnn", TinyCnn.Write(folder.PathOf("again.onnx"), 8), "--cnn-size", "0", "--model", folder.PathOf("other.zip"));
        Fails(SampleCommandLine.WrongUsage, "--cnn is missing", "caption", "train", "--data", folder.Path, file, "--model", folder.PathOf("other.zip"));
        Fails(SampleCommandLine.Failure, $"The network {cnn} does not exist.", "caption", "train", "--data", folder.Path, file, "--cnn", cnn, "--model", folder.PathOf("other.zip"));
    }

    private static void Run(params string[] args)
    {
        var error = new StringWriter();
        Assert.AreEqual(0, SampleCommandLine.Run(args, error), error.ToString());
    }

    private static void Fails(int code, string message, params string[] args)
    {
        var error = new StringWriter();
        Assert.AreEqual(code, SampleCommandLine.Run(args, error), error.ToString());
        Assert.Contains(message, error.ToString());
    }
}
