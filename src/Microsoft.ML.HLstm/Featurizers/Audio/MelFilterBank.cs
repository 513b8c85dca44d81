using System.Numerics.Tensors;

namespace Microsoft.ML.HLstm.Featurizers.Audio;

/// <summary>
/// Triangles of height 1 whose corners are evenly spaced on the mel scale 2595 log10(1 + f/700) (S. Young et al., "The HTK
/// Book", 5.4); they are straight in frequency.
/// </summary>
internal sealed class MelFilterBank
{
    private const float Floor = 1e-10f;

    private readonly (int Start, float[] Weights)[] _bands;

    /// <summary>Computes the triangles.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    public MelFilterBank(SpectrogramOptions options, SpectrogramShape shape)
    {
        double nyquist = shape.SampleRate / 2.0, highest = options.HighestFrequency ?? nyquist;
        OptionChecks.InRange(options.LowestFrequency, 0, nyquist, nameof(options.LowestFrequency));
        OptionChecks.AboveUpTo(highest, options.LowestFrequency, nyquist, nameof(options.HighestFrequency));
        double low = Mel(options.LowestFrequency), step = (Mel(highest) - low) / (options.MelBands + 1);
        double width = (double)shape.SampleRate / shape.FftLength;
        _bands = new (int, float[])[options.MelBands];
        for (int band = 0; band < _bands.Length; band++)
        {
            double left = Hertz(low + band * step), centre = Hertz(low + (band + 1) * step), right = Hertz(low + (band + 2) * step);
            int start = (int)Math.Floor(left / width) + 1, end = Math.Min((int)Math.Ceiling(right / width), shape.Bins);
            if (end <= start)
            {
                throw OptionChecks.OutOfRange(nameof(options.MelBands), options.MelBands,
                    $"so few that each covers a frequency of the transform, one every {width:F1} Hz; a larger {nameof(options.FftLength)} makes room");
            }
            float[] weights = new float[end - start];
            for (int i = 0; i < weights.Length; i++)
            {
                double frequency = (start + i) * width;
                weights[i] = (float)Math.Min((frequency - left) / (centre - left), (right - frequency) / (right - centre));
            }
            _bands[band] = (start, weights);
        }
    }

    /// <summary>The number of triangles.</summary>
    public int Count => _bands.Length;

    /// <summary>Computes the logarithms of the energies under the triangles.</summary>
    /// <param name="power">|X|² by frequency.</param>
    /// <param name="destination">Takes one number a triangle.</param>
    public void LogEnergies(ReadOnlySpan<float> power, Span<float> destination)
    {
        for (int band = 0; band < _bands.Length; band++)
        {
            (int start, float[] weights) = _bands[band];
            destination[band] = Math.Max(Floor, TensorPrimitives.Dot(weights, power.Slice(start, weights.Length)));
        }
        TensorPrimitives.Log(destination, destination);
    }

    private static double Mel(double hertz) => 2595 * Math.Log10(1 + hertz / 700);

    private static double Hertz(double mel) => 700 * (Math.Pow(10, mel / 2595) - 1);
}
