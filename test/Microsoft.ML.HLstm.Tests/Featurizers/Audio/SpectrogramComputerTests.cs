using Microsoft.ML.HLstm.Featurizers.Audio;
using Microsoft.ML.HLstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Featurizers.Audio;

/// <summary>Spectrograms are those of torch, and mel features those of their formulas.</summary>
[TestClass]
public sealed class SpectrogramComputerTests
{
    private static readonly SpectrogramOptions _plain = new() { Normalization = SpectrogramNormalization.None };

    [ClassInitialize]
    public static void LoadTorch(TestContext _) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    [DataRow(20, 10, SpectrogramWindow.Hamming)]
    [DataRow(25, 10, SpectrogramWindow.Hann)]
    [DataRow(32, 16, SpectrogramWindow.Rectangular)]
    [DataRow(27.5625, 7, SpectrogramWindow.Hann)] // 441 samples, an odd number
    [DataRow(10.0625, 20, SpectrogramWindow.Hamming)] // 161 = 7 · 23 samples, with gaps between frames
    public void LogMagnitude_IsThatOfTorch(double window, double hop, SpectrogramWindow function)
    {
        foreach (string name in An4.Names)
        {
            float[] samples = An4.Samples(name);
            SpectrogramOptions options = _plain with { WindowMilliseconds = window, HopMilliseconds = hop, Window = function };
            SpectrogramShape shape = new(options, An4.SampleRate);

            float[] frames = Compute(options, samples);

            using var _ = NewDisposeScope();
            Tensor weights = function switch
            {
                SpectrogramWindow.Hamming => hamming_window(shape.Window),
                SpectrogramWindow.Hann => hann_window(shape.Window),
                _ => ones(shape.Window),
            };
            Tensor transform = stft(tensor(samples), shape.Window, shape.Hop, shape.Window, weights, center: false, onesided: true, return_complex: true);
            Close(transform.abs().log1p().t(), frames, 1e-4);
        }
    }

    [TestMethod]
    public void FftLength_AddsZerosBehindTheWindow()
    {
        float[] samples = An4.Samples(An4.Names[1]);

        float[] frames = Compute(_plain with { FftLength = 512 }, samples);

        using var _ = NewDisposeScope();
        Tensor windowed = tensor(samples).unfold(0, 320, 160) * hamming_window(320);
        Close(fft.rfft(windowed, 512).abs().log1p(), frames, 1e-4);
    }

    [TestMethod]
    public void Normalization_ByUtterance_IsOneMeanAndDeviation()
    {
        float[] samples = An4.Samples(An4.Names[2]);
        using var _ = NewDisposeScope();
        Tensor plain = tensor(Compute(_plain, samples));

        float[] normalised = Compute(new SpectrogramOptions(), samples);

        Close((plain - plain.mean()) / plain.std(), normalised, 1e-4);
    }

    [TestMethod]
    public void Normalization_ByFeature_IsOneForEachPlace()
    {
        float[] samples = An4.Samples(An4.Names[2]);
        using var _ = NewDisposeScope();
        SpectrogramOptions options = _plain with { Features = SpectrogramFeatures.Mfcc };
        Tensor plain = tensor(Compute(options, samples)).view(-1, 13);

        float[] normalised = Compute(options with { Normalization = SpectrogramNormalization.Feature }, samples);

        Close((plain - plain.mean([0], keepdim: true)) / plain.std(0, keepdim: true), normalised, 1e-4);
    }

    [TestMethod]
    [DataRow(null, 40, 20, null)]
    [DataRow(512, 80, 0, 7600.0)]
    [DataRow(400, 23, 125, 3800.0)]
    public void MelFeatures_AreTheirFormulas(int? fftLength, int bands, double lowest, double? highest)
    {
        float[] samples = An4.Samples(An4.Names[0]);
        SpectrogramOptions options = _plain with { FftLength = fftLength, MelBands = bands, LowestFrequency = lowest, HighestFrequency = highest, Coefficients = 12 };
        SpectrogramShape shape = new(options, An4.SampleRate);
        double[][] power = Power(samples, shape);

        float[] energies = Compute(options with { Features = SpectrogramFeatures.LogMel }, samples);
        float[] cepstra = Compute(options with { Features = SpectrogramFeatures.Mfcc }, samples);

        Assert.HasCount(power.Length * bands, energies);
        Assert.HasCount(power.Length * 12, cepstra);
        for (int frame = 0; frame < power.Length; frame++)
        {
            double[] expected = NaiveMel.LogEnergies(power[frame], shape.FftLength, An4.SampleRate, bands, lowest, highest ?? 8000);
            double[] cosines = NaiveMel.Cosines(expected, 12);
            for (int i = 0; i < bands; i++)
                Assert.AreEqual(expected[i], energies[frame * bands + i], 1e-3, $"energy {i} of frame {frame}");
            for (int i = 0; i < 12; i++)
                Assert.AreEqual(cosines[i], cepstra[frame * 12 + i], 1e-3, $"coefficient {i} of frame {frame}");
        }
    }

    [TestMethod]
    public void ShortUtterances_GiveOneFrameFilledUpWithZeros()
    {
        float[] samples = An4.Samples(An4.Names[0])[..200], filled = [.. samples, .. new float[120]];

        float[] frame = Compute(new SpectrogramOptions(), samples);

        Assert.HasCount(161, frame);
        CollectionAssert.AreEqual(Compute(new SpectrogramOptions(), filled), frame);
        Assert.HasCount(161, Compute(_plain, [0.5f]));
    }

    [TestMethod]
    [DataRow(0, 0)]
    [DataRow(320, 1)]
    [DataRow(479, 1)]
    [DataRow(480, 2)]
    [DataRow(16_000, 99)]
    public void WholeFramesCount(int samples, int frames) => Assert.HasCount(frames * 161, Compute(new SpectrogramOptions(), new float[samples]));

    [TestMethod]
    public void Silence_BecomesZeros() =>
        Assert.IsTrue(Compute(new SpectrogramOptions { Features = SpectrogramFeatures.LogMel }, new float[4000]).All(value => value == 0));

    [TestMethod]
    public void SamplesThatAreNotNumbers_AreRefused()
    {
        AudioFormatException error = Assert.ThrowsExactly<AudioFormatException>(() => Compute(_plain, [0, 0, float.NaN]));

        StringAssert.Contains(error.Message, "sample 2 is NaN");
    }

    [TestMethod]
    [DataRow(SpectrogramFeatures.LogMagnitude)]
    [DataRow(SpectrogramFeatures.Mfcc)]
    [DoNotParallelize]
    public void ASecondUtterance_AllocatesNothing(SpectrogramFeatures features)
    {
        SpectrogramOptions options = new() { Features = features };
        SpectrogramComputer computer = new(options, new SpectrogramShape(options, 22_050));
        AudioRowLoader loader = new(null, new AudioRates(22_050, 22_050));
        byte[] longer = AudioFiles.Wave(44_100, An4.Integers(An4.Names[1])), shorter = AudioFiles.Wave(44_100, An4.Integers(An4.Names[0]));
        int first = computer.Compute(loader.Load(longer, "a test")).Length;

        long before = GC.GetAllocatedBytesForCurrentThread();
        int second = computer.Compute(loader.Load(shorter, "a test")).Length;
        long after = GC.GetAllocatedBytesForCurrentThread();

        Assert.IsGreaterThan(second, first);
        Assert.AreEqual(0, after - before);
    }

    private static float[] Compute(SpectrogramOptions options, float[] samples) =>
        new SpectrogramComputer(options, new SpectrogramShape(options, An4.SampleRate)).Compute(samples).ToArray();

    private static double[][] Power(float[] samples, SpectrogramShape shape)
    {
        using var _ = NewDisposeScope();
        Tensor windowed = tensor(samples).to(float64).unfold(0, shape.Window, shape.Hop) * hamming_window(shape.Window, dtype: float64);
        Tensor magnitude = fft.rfft(windowed, shape.FftLength).abs();
        Tensor power = magnitude * magnitude;
        return [.. Enumerable.Range(0, (int)power.shape[0]).Select(frame => power[frame].data<double>().ToArray())];
    }

    private static void Close(Tensor expected, float[] actual, double tolerance)
    {
        Tensor flat = expected.flatten().contiguous();
        Assert.AreEqual(flat.shape[0], actual.Length);
        double worst = (flat - tensor(actual)).abs().max().item<float>();
        Assert.IsLessThanOrEqualTo(tolerance, worst);
    }
}
