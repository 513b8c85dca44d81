using Microsoft.ML.HLstm.Featurizers.Audio;

namespace Microsoft.ML.HLstm.Tests.Featurizers.Audio;

/// <summary>A filter between two rates passes what is below and stops what is above; measured with sines, which are known exactly.</summary>
[TestClass]
public sealed class ResamplerTests
{
    private const int Length = 6_000;

    public static IEnumerable<object[]> Rates =>
    [
        [8_000, 16_000], [11_025, 16_000], [22_050, 16_000], [32_000, 16_000], [44_100, 16_000], [48_000, 16_000], [96_000, 16_000],
        [16_000, 8_000], [16_000, 44_100],
        [16_001, 16_000], [47_999, 16_000], [15_999, 16_000], // rates whose ratio has more positions than the table
    ];

    [TestMethod]
    [DynamicData(nameof(Rates))]
    public void Passband_IsFlatAndInPhase(int source, int target)
    {
        Resampler resampler = new(source, target);
        double edge = Resampler.Passband * Math.Min(source, target) / 2;
        foreach (double frequency in Enumerable.Range(0, 16).Select(i => edge * i / 15))
        {
            float[] output = Resample(resampler, Sine(frequency, source));

            // 96 dB are a factor of 1.6e-5: ripples of the pass and stop bands are of one size in this design.
            double worst = Middle(output, source, target).Max(k => Math.Abs(output[k] - Value(frequency, k, target)));
            Assert.IsLessThan(3.2e-5, worst, $"{frequency:F1} Hz from {source} to {target} Hz");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Rates))]
    public void Stopband_IsNinetyDecibelsDown(int source, int target)
    {
        if (source <= target)
            return; // the images of upsampling show in the passband's test, as differences from the sine
        Resampler resampler = new(source, target);
        double edge = target / 2.0, end = source / 2.0;
        foreach (double frequency in Enumerable.Range(0, 16).Select(i => edge + (end - edge) * i / 15))
        {
            float[] output = Resample(resampler, Sine(frequency, source));

            double worst = Middle(output, source, target).Max(k => Math.Abs(output[k]));
            Assert.IsLessThan(-90, 20 * Math.Log10(worst), $"{frequency:F1} Hz from {source} to {target} Hz");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Rates))]
    public void OutputLength_IsThatOfTheSameTime(int source, int target)
    {
        Resampler resampler = new(source, target);
        foreach (int length in new[] { 1, 2, 3, 1000, source })
        {
            Assert.AreEqual((long)Math.Ceiling((decimal)length * target / source), resampler.OutputLength(length));
            Assert.IsTrue(Resample(resampler, new float[length]).All(sample => sample == 0));
        }
    }

    [TestMethod]
    public void SpeechThroughAnotherRateAndBack_KeepsWhatIsBelowTheEdge()
    {
        float[] speech = An4.Samples(An4.Names[0]);
        // Once through the filter, so that nothing is left between its edges.
        float[] narrow = Resample(new Resampler(48_000, 16_000), Resample(new Resampler(16_000, 48_000), speech));

        float[] again = Resample(new Resampler(44_100, 16_000), Resample(new Resampler(16_000, 44_100), narrow));

        double signal = 0, noise = 0;
        for (int i = 2000; i < narrow.Length - 2000; i++)
        {
            signal += narrow[i] * (double)narrow[i];
            noise += Math.Pow(again[i] - narrow[i], 2);
        }
        Assert.IsGreaterThan(45, 10 * Math.Log10(signal / noise));
    }

    private static float[] Resample(Resampler resampler, float[] input)
    {
        float[] output = new float[resampler.OutputLength(input.Length)];
        resampler.Resample(input, output);
        return output;
    }

    private static float[] Sine(double frequency, int rate) => [.. Enumerable.Range(0, Length).Select(k => (float)Value(frequency, k, rate))];

    // With a phase, so that the sine of half the rate is not zero everywhere.
    private static double Value(double frequency, int k, int rate) => Math.Sin(2 * Math.PI * frequency * k / rate + 1);

    // Away from the edges, where the filter reaches beyond the signal.
    private static IEnumerable<int> Middle(float[] output, int source, int target)
    {
        int edge = (int)(70.0 * Math.Max(1, (double)target / source)) + 1;
        return Enumerable.Range(edge, output.Length - 2 * edge);
    }
}
