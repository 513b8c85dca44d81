namespace Microsoft.ML.HLstm.Featurizers.Audio;

/// <summary>What a header says about the samples of a file, checked against the bytes that are there.</summary>
/// <param name="Encoding">How one sample is written.</param>
/// <param name="Channels">Samples at one time.</param>
/// <param name="SampleRate">Times a second, in Hz.</param>
/// <param name="Offset">Where the first sample starts, in bytes.</param>
/// <param name="Length">The number of times that are there.</param>
internal readonly record struct SampleLayout(SampleEncoding Encoding, int Channels, int SampleRate, int Offset, int Length)
{
    /// <summary>The lowest rate, in Hz: slower audio is no sound, and would make a small file large when resampled.</summary>
    public const int MinimumSampleRate = 1_000;

    /// <summary>The highest rate, in Hz.</summary>
    public const int MaximumSampleRate = 384_000;

    /// <summary>Bytes of one sample.</summary>
    public static int BytesOf(SampleEncoding encoding) => encoding switch
    {
        SampleEncoding.Unsigned8 or SampleEncoding.MuLaw => 1,
        SampleEncoding.Signed16 or SampleEncoding.Signed16BigEndian => 2,
        SampleEncoding.Signed24 => 3,
        SampleEncoding.Signed32 or SampleEncoding.Float32 => 4,
        _ => 8,
    };

    /// <summary>Refuses rates out of range and audio without samples.</summary>
    /// <param name="audio">The file.</param>
    /// <param name="channels">What the header says.</param>
    /// <param name="rate">What the header says.</param>
    /// <param name="times">The number of samples in each channel.</param>
    /// <param name="offset">Where the header stands.</param>
    public static void Check(AudioBytes audio, long channels, long rate, long times, int offset)
    {
        if (channels < 1)
            audio.Fail($"the header states {channels} channels; at least 1 is needed", offset);
        if (rate is < MinimumSampleRate or > MaximumSampleRate)
            audio.Fail($"the header states a sample rate of {rate} Hz; allowed is {MinimumSampleRate} to {MaximumSampleRate}", offset);
        if (times < 1)
            audio.Fail("it has no samples", offset);
    }
}
