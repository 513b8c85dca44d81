using System.Globalization;
using System.IO.Compression;
using Microsoft.ML.Data;
using Microsoft.ML.HLstm.Tests.ModelFile;
using Microsoft.ML.HLstm.Tests.TestSupport;

namespace Microsoft.ML.HLstm.Tests.Featurizers.Audio;

/// <summary>Spectrograms inside ML.NET's pipelines and files.</summary>
[TestClass]
public sealed class ComputeSpectrogramTests
{
    private sealed record FileRow(string Audio);

    private sealed record Row(float[] Waveform);

    private sealed record OtherName(float[] Samples);

    private sealed record OtherType(float Waveform);

    private sealed record OtherItems(string[] Waveform);

    private sealed class FramesRow
    {
        public float[] Frames { get; set; } = [];
    }

    private readonly MLContext _ml = new(seed: 1);

    private IDataView Rows => _ml.Data.LoadFromEnumerable(
        (Row[])[.. An4.Names[..3].Select(name => new Row(An4.Samples(name))), new Row([]), new Row([0.1f, 0.2f])]);

    private IDataView Files => _ml.Data.LoadFromEnumerable(An4.Names.Select(name => new FileRow(name)));

    [TestMethod]
    [DataRow(SpectrogramFeatures.LogMagnitude)]
    [DataRow(SpectrogramFeatures.LogMel)]
    [DataRow(SpectrogramFeatures.Mfcc)]
    public void Estimator_KeepsTheContract(SpectrogramFeatures features) => EstimatorContract.Check(
        _ml, _ml.Transforms.ComputeSpectrogram("Frames", "Waveform", new SpectrogramOptions { Features = features }), Rows,
        _ml.Data.LoadFromEnumerable<OtherName>([new([1])]),
        _ml.Data.LoadFromEnumerable<OtherType>([new(1)]),
        _ml.Data.LoadFromEnumerable<OtherItems>([new(["x"])]));

    [TestMethod]
    public void FrameWidth_IsAnAnnotation_AlsoAfterLoading()
    {
        foreach ((SpectrogramOptions options, int width) in ((SpectrogramOptions, int)[])[
            (new(), 161), (new() { FftLength = 512 }, 257), (new() { SampleRate = 8_000 }, 81),
            (new() { Features = SpectrogramFeatures.LogMel }, 40), (new() { Features = SpectrogramFeatures.Mfcc, Coefficients = 20 }, 20)])
        {
            SpectrogramTransformer transformer = _ml.Transforms.ComputeSpectrogram("Frames", "Waveform", options).Fit(Rows);
            using MemoryStream file = new();
            _ml.Model.Save(transformer, Rows.Schema, file);
            file.Position = 0;

            Assert.AreEqual(width, transformer.FrameWidth);
            Assert.AreEqual(width, FrameWidth(transformer.GetOutputSchema(Rows.Schema)));
            Assert.AreEqual(width, FrameWidth(new MLContext().Model.Load(file, out _).GetOutputSchema(Rows.Schema)));
        }
    }

    [TestMethod]
    public void SampleRate_ComesFromTheColumn_AndMustFit()
    {
        var at8000 = _ml.Transforms.LoadAudio("Waveform", "Audio", An4.Folder, sampleRate: 8_000);
        IDataView slow = at8000.Fit(Files).Transform(Files);
        IDataView fast = _ml.Transforms.LoadAudio("Waveform", "Audio", An4.Folder).Fit(Files).Transform(Files);

        SpectrogramTransformer fitted = _ml.Transforms.ComputeSpectrogram("Frames", "Waveform").Fit(slow);

        Assert.AreEqual(8_000, fitted.Options.SampleRate);
        Assert.AreEqual(81, FrameWidth(fitted.Transform(slow).Schema));
        StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(() => fitted.Transform(fast)).Message,
            "samples at 16000 Hz, where 8000 Hz are needed");
        StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.ComputeSpectrogram("Frames", "Waveform", new() { SampleRate = 16_000 }).Fit(slow)).Message,
            "samples at 8000 Hz, where 16000 Hz are needed");
    }

    [TestMethod]
    public void BadOptions_AreNamed()
    {
        Refused(new() { WindowMilliseconds = 0 }, "WindowMilliseconds is 0");
        Refused(new() { HopMilliseconds = double.NaN }, "HopMilliseconds is NaN");
        Refused(new() { Window = (SpectrogramWindow)9 }, "Window is 9; allowed is one of Hamming, Hann, Rectangular");
        Refused(new() { SampleRate = 500 }, "SampleRate is 500");
        Refused(new() { SampleRate = 16_000, FftLength = 256 }, "FftLength is 256; allowed is from 320 to 65536");
        Refused(new() { SampleRate = 16_000, HopMilliseconds = 0.01 }, "HopMilliseconds in samples is 0");
        Refused(new() { Features = SpectrogramFeatures.Mfcc, MelBands = 20, Coefficients = 21 }, "Coefficients is 21; allowed is from 1 to 20");
        Refused(new() { SampleRate = 16_000, Features = SpectrogramFeatures.LogMel, MelBands = 100 }, "one every 50.0 Hz");
        Refused(new() { SampleRate = 16_000, Features = SpectrogramFeatures.LogMel, HighestFrequency = 9_000 }, "HighestFrequency is 9000");
        Refused(new() { SampleRate = 16_000, Features = SpectrogramFeatures.LogMel, LowestFrequency = -1 }, "LowestFrequency is -1");
    }

    [TestMethod]
    public void Pipeline_IsLoadedByAProcessThatKnowsNothingAndHasNoLibtorch()
    {
        using FolderWithoutLibtorch folder = new();
        string path = Path.GetTempFileName();
        try
        {
            var model = Pipeline().Fit(Files);
            _ml.Model.Save(model, Files.Schema, path);
            float[] frames = model.Transform(Files).GetColumn<float[]>("Frames").Last();

            Assert.AreEqual(Describe(frames, 40), FreshProcess.RunIn(folder.Path, DescribeFrom, path, An4.Names[^1]));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void DamagedOptions_InAModelFile_AreNamed()
    {
        using MemoryStream file = new();
        _ml.Model.Save(_ml.Transforms.ComputeSpectrogram("Frames", "Waveform").Fit(Rows), Rows.Schema, file);
        using (ZipArchive zip = new(file, ZipArchiveMode.Update, leaveOpen: true))
        {
            using Stream stream = zip.Entries.Single(entry => entry.FullName.EndsWith("Model.key", StringComparison.Ordinal)).Open();
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            int at = bytes.AsSpan().IndexOf(BitConverter.GetBytes(20.0)); // the window's length
            BitConverter.GetBytes(-3.0).CopyTo(bytes, at);
            stream.Position = 0;
            stream.Write(bytes);
        }
        file.Position = 0;

        StringAssert.Contains(ModelRefusal.Of(file).Message, "WindowMilliseconds is -3");
    }

    private EstimatorChain<SpectrogramTransformer> Pipeline() => _ml.Transforms.LoadAudio("Waveform", "Audio", An4.Folder, 22_050)
        .Append(_ml.Transforms.ComputeSpectrogram("Frames", "Waveform", new SpectrogramOptions { Features = SpectrogramFeatures.LogMel }));

    private static string DescribeFrom(string[] arguments)
    {
        MLContext ml = new();
        ITransformer model = ml.Model.Load(arguments[0], out DataViewSchema schema);
        using PredictionEngine<FileRow, FramesRow> engine = ml.Model.CreatePredictionEngine<FileRow, FramesRow>(model);
        return Describe(engine.Predict(new FileRow(arguments[1])).Frames, FrameWidth(model.GetOutputSchema(schema)));
    }

    private static string Describe(float[] frames, int width) =>
        string.Create(CultureInfo.InvariantCulture, $"{frames.Length / width} frames of {width}: {string.Join(' ', frames.Take(100))}");

    private void Refused(SpectrogramOptions options, string what) => StringAssert.Contains(
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.ComputeSpectrogram("a", "b", options)).Message, what);

    private static int FrameWidth(DataViewSchema schema)
    {
        int width = 0;
        schema["Frames"].Annotations.GetValue(SpectrogramTransformer.FrameWidthAnnotation, ref width);
        return width;
    }
}
