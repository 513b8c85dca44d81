using Microsoft.ML.Data;

namespace Microsoft.ML.HLstm.Tests.Featurizers.Audio;

/// <summary>Every released format stays readable: a zip of each, which computes what the same pipeline does today.</summary>
[TestClass]
public sealed class FrozenAudioTests
{
    private sealed record FileRow(string Audio);

    private static readonly SpectrogramOptions _options = new()
    {
        WindowMilliseconds = 25,
        HopMilliseconds = 12.5,
        FftLength = 400,
        Window = SpectrogramWindow.Hann,
        Features = SpectrogramFeatures.Mfcc,
        MelBands = 30,
        LowestFrequency = 50,
        HighestFrequency = 5_000,
        Coefficients = 11,
        Normalization = SpectrogramNormalization.Feature,
    };

    [TestMethod]
    public void Format_1_is_read()
    {
        MLContext ml = new();
        IDataView data = ml.Data.LoadFromEnumerable<FileRow>([new(Path.Combine(An4.Folder, An4.Names[0]))]);

        var model = (TransformerChain<ITransformer>)ml.Model.Load(Path.Combine(AppContext.BaseDirectory, "Frozen", "audio-format-1.zip"), out _);

        ITransformer[] parts = [.. model];
        Assert.AreEqual("recordings", ((AudioLoadingTransformer)parts[0]).AudioFolder);
        Assert.AreEqual(11_025, ((AudioLoadingTransformer)parts[0]).SampleRate);
        Assert.AreEqual(_options with { SampleRate = 11_025 }, ((SpectrogramTransformer)parts[1]).Options);
        CollectionAssert.AreEqual(Frames(Pipeline(ml).Fit(data), data), Frames(model, data));
    }

    /// <summary>
    /// Makes the zip of the present format, for the day it changes: start the tests' program with
    /// <c>--fresh-process Microsoft.ML.HLstm.Tests.Featurizers.Audio.FrozenAudioTests Write FILE</c>.
    /// </summary>
    public static string Write(string[] arguments)
    {
        MLContext ml = new(seed: 1);
        IDataView data = ml.Data.LoadFromEnumerable<FileRow>([]);
        ml.Model.Save(Pipeline(ml).Fit(data), data.Schema, arguments[0]);
        return arguments[0];
    }

    private static EstimatorChain<SpectrogramTransformer> Pipeline(MLContext ml) =>
        ml.Transforms.LoadAudio("Waveform", "Audio", "recordings", sampleRate: 11_025, sourceSampleRate: 8_000)
            .Append(ml.Transforms.ComputeSpectrogram("Frames", "Waveform", _options));

    private static float[] Frames(ITransformer model, IDataView data) => model.Transform(data).GetColumn<float[]>("Frames").Single();
}
