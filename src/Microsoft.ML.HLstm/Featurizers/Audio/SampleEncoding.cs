namespace Microsoft.ML.HLstm.Featurizers.Audio;

/// <summary>How a file writes one sample.</summary>
internal enum SampleEncoding
{
    /// <summary>8-bit PCM, 128 is silence.</summary>
    Unsigned8,

    /// <summary>16-bit PCM, lowest byte first.</summary>
    Signed16,

    /// <summary>16-bit PCM, highest byte first.</summary>
    Signed16BigEndian,

    /// <summary>24-bit PCM, lowest byte first.</summary>
    Signed24,

    /// <summary>32-bit PCM, lowest byte first.</summary>
    Signed32,

    /// <summary>32-bit IEEE 754.</summary>
    Float32,

    /// <summary>64-bit IEEE 754.</summary>
    Float64,

    /// <summary>8-bit μ-law (ITU-T G.711).</summary>
    MuLaw,
}
