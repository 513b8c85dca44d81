using System.Numerics;
using System.Numerics.Tensors;

namespace Microsoft.ML.HLstm.Featurizers.Audio;

/// <summary>
/// Changes the sample rate with a sinc filter under a Kaiser window, one row of coefficients for each position of an output
/// sample between two input samples. Linear phase: output sample k stands at the time k / target rate.
/// </summary>
/// <remarks>
/// Passband up to 0.91 of the lower of the two Nyquist frequencies, aliases from 1 on at least 90 dB down: the filter is 96,
/// and two images of one frequency may add (J. F. Kaiser, "Nonrecursive digital filter design using the I0-sinh window function", 1974).
/// </remarks>
internal sealed class Resampler
{
    /// <summary>The passband's end, as a share of the lower Nyquist frequency.</summary>
    public const double Passband = 0.91;

    /// <summary>How far the stopband is down, in decibels.</summary>
    public const double Attenuation = 96;

    // Between so many positions for each sample of the lower rate, a straight line is 118 dB from the filter's curve.
    private const int MaximumPhases = 1024;

    private readonly int _up, _down, _taps, _phases;
    private readonly float[] _weights;

    /// <summary>Computes the filter.</summary>
    /// <param name="sourceRate">The rate of what is given, in Hz.</param>
    /// <param name="targetRate">The rate of what is wanted, in Hz.</param>
    public Resampler(int sourceRate, int targetRate)
    {
        int divisor = (int)BigInteger.GreatestCommonDivisor(sourceRate, targetRate);
        _up = targetRate / divisor;
        _down = sourceRate / divisor;
        double ratio = Math.Min(1, (double)targetRate / sourceRate);
        double halfWidth = (Attenuation - 7.95) / (2.285 * Math.PI * (1 - Passband)) / 2 / ratio;
        _taps = 2 * (int)Math.Ceiling(halfWidth);
        // A slower filter needs fewer positions, so the table's size does not depend on the rates.
        _phases = Math.Min(_up, (int)Math.Ceiling(MaximumPhases * ratio));
        _weights = new float[(_phases + 1) * _taps];
        double cutoff = ratio * (Passband + 1) / 2, beta = 0.1102 * (Attenuation - 8.7), peak = BesselI0(beta);
        for (int phase = 0; phase <= _phases; phase++)
        {
            for (int tap = 0; tap < _taps; tap++)
            {
                double distance = tap - _taps / 2 + 1 - (double)phase / _phases;
                double inside = 1 - Math.Pow(distance / halfWidth, 2);
                double kaiser = inside < 0 ? 0 : BesselI0(beta * Math.Sqrt(inside)) / peak;
                _weights[phase * _taps + tap] = (float)(cutoff * Sinc(cutoff * distance) * kaiser);
            }
        }
        SourceRate = sourceRate;
    }

    /// <summary>The rate of what is given, in Hz.</summary>
    public int SourceRate { get; }

    /// <summary>How many samples come of so many.</summary>
    public long OutputLength(int inputLength) => ((long)inputLength * _up + _down - 1) / _down;

    /// <summary>Resamples; before its start and after its end the input counts as 0.</summary>
    /// <param name="input">Samples at the source rate.</param>
    /// <param name="output">Takes <see cref="OutputLength"/> samples at the target rate.</param>
    public void Resample(ReadOnlySpan<float> input, Span<float> output)
    {
        for (int k = 0; k < output.Length; k++)
        {
            (long whole, long rest) = Math.DivRem((long)k * _down, _up);
            long start = whole - _taps / 2 + 1;
            int from = (int)Math.Max(0, -start), to = (int)Math.Min(_taps, input.Length - start);
            ReadOnlySpan<float> reached = input[(int)(start + from)..(int)(start + to)];
            (long phase, long between) = Math.DivRem(rest * _phases, _up);
            float value = TensorPrimitives.Dot(Row(phase)[from..to], reached);
            if (between != 0)
                value += (TensorPrimitives.Dot(Row(phase + 1)[from..to], reached) - value) * between / _up;
            output[k] = value;
        }
    }

    private ReadOnlySpan<float> Row(long phase) => _weights.AsSpan((int)phase * _taps, _taps);

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);

    // The series of the modified Bessel function of order 0; its terms fall fast once they do.
    private static double BesselI0(double x)
    {
        double sum = 1, term = 1;
        for (int k = 1; term > sum * 1e-17; k++)
        {
            term *= x * x / (4.0 * k * k);
            sum += term;
        }
        return sum;
    }
}
