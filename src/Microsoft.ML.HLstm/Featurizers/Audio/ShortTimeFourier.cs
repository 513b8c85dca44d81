using System.Numerics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.HLstm.Featurizers.Audio;

/// <summary>
/// Power spectra |X|² of frames. Two real signals share a complex one, as real and imaginary part, so a transform takes twice as many
/// frames as a vector register has lanes.
/// </summary>
internal sealed class ShortTimeFourier(SpectrogramShape shape, SpectrogramWindow window)
{
    private static readonly int _together = 2 * Vector<float>.Count;

    private readonly FourierTransform _fourier = new(shape.FftLength);
    private readonly float[] _window = MakeWindow(window, shape.Window);
    private readonly float[] _lanes = new float[_together];

    /// <summary>Computes the power spectra of all frames.</summary>
    /// <param name="samples">The signal; where it ends inside a frame, zeros follow.</param>
    /// <param name="power">Takes frames x bins numbers.</param>
    public void PowerSpectra(ReadOnlySpan<float> samples, Span<float> power)
    {
        int frames = power.Length / shape.Bins;
        for (int first = 0; first < frames; first += _together)
        {
            int count = Math.Min(_together, frames - first);
            _fourier.Values.Clear();
            // The first half of the lanes are the real parts, the second half the imaginary parts.
            Span<float> lanes = MemoryMarshal.Cast<ComplexLanes, float>(_fourier.Values);
            for (int frame = 0; frame < count; frame++)
            {
                ReadOnlySpan<float> part = samples[((first + frame) * shape.Hop)..];
                int length = Math.Min(part.Length, _window.Length);
                for (int j = 0; j < length; j++)
                    lanes[j * _together + frame] = part[j] * _window[j];
            }
            _fourier.Transform();
            Separate(power.Slice(first * shape.Bins, count * shape.Bins), count);
        }
    }

    // The transform of a real signal is its own mirror image, conjugated; that of an imaginary one is minus that.
    private void Separate(Span<float> power, int count)
    {
        ReadOnlySpan<ComplexLanes> values = _fourier.Values;
        Span<Vector<float>> halves = MemoryMarshal.Cast<float, Vector<float>>(_lanes.AsSpan());
        for (int k = 0; k < shape.Bins; k++)
        {
            ComplexLanes here = values[k], mirror = values[k == 0 ? 0 : values.Length - k];
            Vector<float> realSum = here.Real + mirror.Real, realDifference = here.Real - mirror.Real;
            Vector<float> imaginarySum = here.Imaginary + mirror.Imaginary, imaginaryDifference = here.Imaginary - mirror.Imaginary;
            halves[0] = (realSum * realSum + imaginaryDifference * imaginaryDifference) * 0.25f;
            halves[1] = (imaginarySum * imaginarySum + realDifference * realDifference) * 0.25f;
            for (int frame = 0; frame < count; frame++)
                power[frame * shape.Bins + k] = _lanes[frame];
        }
    }

    private static float[] MakeWindow(SpectrogramWindow window, int length)
    {
        double middle = window switch
        {
            SpectrogramWindow.Hamming => 0.54,
            SpectrogramWindow.Hann => 0.5,
            _ => 1,
        };
        return [.. Enumerable.Range(0, length).Select(j => (float)(middle - (1 - middle) * Math.Cos(2 * Math.PI * j / length)))];
    }
}
