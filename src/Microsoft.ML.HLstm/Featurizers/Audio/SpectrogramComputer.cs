using System.Numerics.Tensors;

namespace Microsoft.ML.HLstm.Featurizers.Audio;

/// <summary>Computes frames of features, with working memory that it keeps from utterance to utterance.</summary>
internal sealed class SpectrogramComputer(SpectrogramOptions options, SpectrogramShape shape)
{
    private readonly ShortTimeFourier _fourier = new(shape, options.Window);
    private readonly CosineTransform? _cosine = options.Features == SpectrogramFeatures.Mfcc ? new(options.MelBands, options.Coefficients) : null;
    private readonly float[] _energies = new float[options.MelBands];
    private float[] _power = [], _features = [];

    /// <summary>Computes frames x width features, valid until the next call.</summary>
    /// <exception cref="AudioFormatException">A sample is not a finite number, or there would be too many features.</exception>
    public ReadOnlySpan<float> Compute(ReadOnlySpan<float> samples)
    {
        AudioSamples.CheckFinite(samples);
        int frames = shape.Frames(samples.Length);
        if ((long)frames * shape.Bins > Array.MaxLength)
            throw new AudioFormatException("a row's samples", $"{frames} frames of {shape.Bins} frequencies are too many; at most {Array.MaxLength} numbers are allowed", 0);
        Span<float> power = Workspace.Take(ref _power, frames * shape.Bins);
        _fourier.PowerSpectra(samples, power);
        Span<float> features = shape.Mel is { } mel ? MelFeatures(mel, power, frames) : power;
        if (shape.Mel is null)
        {
            TensorPrimitives.Sqrt(power, power);
            TensorPrimitives.LogP1(power, power);
        }
        Normalize(features);
        return features;
    }

    private Span<float> MelFeatures(MelFilterBank mel, ReadOnlySpan<float> power, int frames)
    {
        Span<float> features = Workspace.Take(ref _features, frames * shape.FrameWidth);
        for (int frame = 0; frame < frames; frame++)
        {
            Span<float> destination = features.Slice(frame * shape.FrameWidth, shape.FrameWidth);
            ReadOnlySpan<float> spectrum = power.Slice(frame * shape.Bins, shape.Bins);
            if (_cosine is null)
            {
                mel.LogEnergies(spectrum, destination);
                continue;
            }
            mel.LogEnergies(spectrum, _energies);
            _cosine.Transform(_energies, destination);
        }
        return features;
    }

    private void Normalize(Span<float> features)
    {
        if (options.Normalization == SpectrogramNormalization.Utterance)
            Standardize(features, 0, 1);
        if (options.Normalization == SpectrogramNormalization.Feature)
        {
            for (int place = 0; place < shape.FrameWidth; place++)
                Standardize(features, place, shape.FrameWidth);
        }
    }

    // Where all numbers are the same, they become 0.
    private static void Standardize(Span<float> values, int start, int step)
    {
        double sum = 0, squares = 0;
        int count = 0;
        for (int i = start; i < values.Length; i += step, count++)
            sum += values[i];
        double mean = sum / Math.Max(1, count);
        for (int i = start; i < values.Length; i += step)
            squares += (values[i] - mean) * (values[i] - mean);
        double deviation = Math.Sqrt(squares / Math.Max(1, count - 1));
        double scale = deviation > 1e-6 * Math.Abs(mean) ? 1 / deviation : 0;
        for (int i = start; i < values.Length; i += step)
            values[i] = (float)((values[i] - mean) * scale);
    }
}
