using Microsoft.ML.HLstm.Featurizers.Audio;

namespace Microsoft.ML.HLstm;

/// <summary>What a spectrogram is made of. Saved in the model zip.</summary>
public sealed record SpectrogramOptions
{
    /// <summary>
    /// The rate of the samples, from 1,000 to 384,000 Hz. Null takes it from the column's annotation
    /// <see cref="AudioLoadingTransformer.SampleRateAnnotation"/> when fitted, or 16,000 Hz where there is none.
    /// </summary>
    public int? SampleRate { get; init; }

    /// <summary>The length of a frame in milliseconds, above 0 and at most 1000; rounded to whole samples, from 2 to 65,536.</summary>
    public double WindowMilliseconds { get; init; } = 20;

    /// <summary>From the start of a frame to that of the next, in milliseconds, above 0 and at most 1000; at least 1 sample.</summary>
    public double HopMilliseconds { get; init; } = 10;

    /// <summary>
    /// The length of the Fourier transform, at least the window's samples (which it fills up with zeros) and at most 65,536; null for
    /// the window's samples. Lengths with large prime factors are slow.
    /// </summary>
    public int? FftLength { get; init; }

    /// <summary>The function that weights the samples of a frame.</summary>
    public SpectrogramWindow Window { get; init; } = SpectrogramWindow.Hamming;

    /// <summary>What a frame holds.</summary>
    public SpectrogramFeatures Features { get; init; } = SpectrogramFeatures.LogMagnitude;

    /// <summary>Triangles on the mel scale, from 1 to 512; so few that each covers a frequency of the transform.</summary>
    public int MelBands { get; init; } = 40;

    /// <summary>Where the lowest triangle starts, in Hz; from 0.</summary>
    public double LowestFrequency { get; init; } = 20;

    /// <summary>Where the highest triangle ends, in Hz; above <see cref="LowestFrequency"/>. Null for half the sample rate, which is the most.</summary>
    public double? HighestFrequency { get; init; }

    /// <summary>Numbers that are kept of the cosine transform, from 1 to <see cref="MelBands"/>.</summary>
    public int Coefficients { get; init; } = 13;

    /// <summary>What is subtracted and divided by.</summary>
    public SpectrogramNormalization Normalization { get; init; } = SpectrogramNormalization.Utterance;

    /// <summary>What can be checked before the sample rate is known.</summary>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    internal void Validate()
    {
        OptionChecks.AboveUpTo(WindowMilliseconds, 0, 1000, nameof(WindowMilliseconds));
        OptionChecks.AboveUpTo(HopMilliseconds, 0, 1000, nameof(HopMilliseconds));
        OptionChecks.Defined(Window, nameof(Window));
        OptionChecks.Defined(Features, nameof(Features));
        OptionChecks.Defined(Normalization, nameof(Normalization));
        OptionChecks.InRange(MelBands, 1, 512, nameof(MelBands));
        if (Features == SpectrogramFeatures.Mfcc)
            OptionChecks.InRange(Coefficients, 1, MelBands, nameof(Coefficients));
        if (SampleRate is { } rate)
            _ = new SpectrogramShape(this, rate);
    }
}
