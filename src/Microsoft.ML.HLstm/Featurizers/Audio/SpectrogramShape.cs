namespace Microsoft.ML.HLstm.Featurizers.Audio;

/// <summary>The sizes of a spectrogram at a sample rate, checked.</summary>
internal sealed record SpectrogramShape
{
    private const int MaximumLength = 65_536;

    /// <summary>Computes the sizes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option does not fit the rate; the message names it.</exception>
    public SpectrogramShape(SpectrogramOptions options, int sampleRate)
    {
        OptionChecks.InRange(sampleRate, SampleLayout.MinimumSampleRate, SampleLayout.MaximumSampleRate, nameof(options.SampleRate));
        SampleRate = sampleRate;
        Window = Samples(options.WindowMilliseconds);
        OptionChecks.InRange(Window, 2, MaximumLength, $"{nameof(options.WindowMilliseconds)} in samples");
        Hop = Samples(options.HopMilliseconds);
        OptionChecks.InRange(Hop, 1, int.MaxValue, $"{nameof(options.HopMilliseconds)} in samples");
        FftLength = options.FftLength ?? Window;
        OptionChecks.InRange(FftLength, Window, MaximumLength, nameof(options.FftLength));
        FrameWidth = options.Features switch
        {
            SpectrogramFeatures.LogMagnitude => Bins,
            SpectrogramFeatures.LogMel => options.MelBands,
            _ => options.Coefficients,
        };
        if (options.Features != SpectrogramFeatures.LogMagnitude)
            Mel = new MelFilterBank(options, this);
    }

    /// <summary>Samples a second.</summary>
    public int SampleRate { get; }

    /// <summary>Samples of a frame.</summary>
    public int Window { get; }

    /// <summary>Samples from frame to frame.</summary>
    public int Hop { get; }

    /// <summary>Samples of a frame with the zeros behind them.</summary>
    public int FftLength { get; }

    /// <summary>Frequencies of the transform, from 0 to half the rate.</summary>
    public int Bins => FftLength / 2 + 1;

    /// <summary>Numbers in a frame.</summary>
    public int FrameWidth { get; }

    /// <summary>The triangles on the mel scale; null for features without them.</summary>
    public MelFilterBank? Mel { get; }

    /// <summary>How many frames so many samples have: whole ones only, but one, filled up with zeros, where there is less.</summary>
    public int Frames(int samples) => samples == 0 ? 0 : 1 + Math.Max(0, samples - Window) / Hop;

    private int Samples(double milliseconds) => (int)Math.Round(milliseconds * SampleRate / 1000, MidpointRounding.AwayFromZero);
}
