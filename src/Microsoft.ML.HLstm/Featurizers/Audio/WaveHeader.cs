namespace Microsoft.ML.HLstm.Featurizers.Audio;

/// <summary>
/// Reads the header of a WAV file ("Multimedia Programming Interface and Data Specifications 1.0", and Microsoft's
/// WAVE_FORMAT_EXTENSIBLE).
/// </summary>
/// <remarks>
/// Lengths of chunks must be true. The length of the whole in the RIFF header is not looked at: recorders that were stopped
/// leave it wrong, and nothing depends on it.
/// </remarks>
internal static class WaveHeader
{
    private const int Pcm = 1, Float = 3, MuLaw = 7, Extensible = 0xFFFE, FormatLength = 16, ExtensibleLength = 40;

    // What follows the format's number in the subformat of WAVE_FORMAT_EXTENSIBLE.
    private static ReadOnlySpan<byte> SubformatTail => [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    /// <summary>Tells whether the bytes are a WAV file.</summary>
    public static bool Matches(AudioBytes audio) => audio.Has("RIFF"u8) && audio.Has("WAVE"u8, 8);

    /// <summary>Finds the samples.</summary>
    /// <exception cref="AudioFormatException">The file is damaged, cut short, or of an encoding that is not read.</exception>
    public static SampleLayout Read(AudioBytes audio)
    {
        int format = -1, formatLength = 0;
        for (long at = 12; ;)
        {
            if (at + 8 > audio.Length)
                audio.Fail($"the file ends before its {(format < 0 ? "'fmt '" : "'data'")} chunk", Math.Min(at, audio.Length));
            int body = (int)at + 8;
            uint length = audio.UInt32((int)at + 4, "a chunk");
            if (length > audio.Length - body)
                audio.Fail($"a chunk states {length} bytes, but {audio.Length - body} are left: the file was cut short, or never finished", at + 4);
            if (audio.Has("fmt "u8, (int)at))
                (format, formatLength) = (body, (int)length);
            else if (audio.Has("data"u8, (int)at) && format < 0)
                audio.Fail("the 'data' chunk comes before the 'fmt ' chunk", at);
            else if (audio.Has("data"u8, (int)at))
                return Layout(audio, format, formatLength, body, (int)length);
            at = body + length + (length & 1); // chunks start at even offsets
        }
    }

    private static SampleLayout Layout(AudioBytes audio, int format, int formatLength, int data, int dataLength)
    {
        if (formatLength < FormatLength)
            audio.Fail($"the 'fmt ' chunk has {formatLength} bytes; at least {FormatLength} are needed", format);
        int channels = audio.UInt16(format + 2, "the number of channels");
        uint rate = audio.UInt32(format + 4, "the sample rate");
        int block = audio.UInt16(format + 12, "the block size");
        SampleEncoding encoding = Encoding(audio, format, formatLength);
        int bytes = SampleLayout.BytesOf(encoding) * channels;
        SampleLayout.Check(audio, channels, rate, dataLength, format);
        if (block != bytes)
            audio.Fail($"the header states {block} bytes for {channels} samples of {bytes / channels} bytes", format + 12);
        if (dataLength % block != 0)
            audio.Fail($"the 'data' chunk has {dataLength} bytes, which is not a multiple of {block}", data);
        return new SampleLayout(encoding, channels, (int)rate, data, dataLength / block);
    }

    private static SampleEncoding Encoding(AudioBytes audio, int format, int formatLength)
    {
        int tag = audio.UInt16(format, "the encoding");
        int bits = audio.UInt16(format + 14, "the bits of a sample");
        if (tag == Extensible)
        {
            if (formatLength < ExtensibleLength)
                audio.Fail($"the extensible 'fmt ' chunk has {formatLength} bytes; at least {ExtensibleLength} are needed", format);
            int valid = audio.UInt16(format + 18, "the valid bits");
            if (valid > bits)
                audio.Fail($"the header states {valid} valid of {bits} bits", format + 18);
            if (!audio.Has(SubformatTail, format + 26))
                audio.Fail("the extensible 'fmt ' chunk names an unknown encoding", format + 24);
            tag = audio.UInt16(format + 24, "the encoding");
        }
        switch (tag, bits)
        {
            case (Pcm, 8): return SampleEncoding.Unsigned8;
            case (Pcm, 16): return SampleEncoding.Signed16;
            case (Pcm, 24): return SampleEncoding.Signed24;
            case (Pcm, 32): return SampleEncoding.Signed32;
            case (Float, 32): return SampleEncoding.Float32;
            case (Float, 64): return SampleEncoding.Float64;
            case (MuLaw, 8): return SampleEncoding.MuLaw;
            default:
                audio.Fail($"the encoding is {tag} with {bits} bits; read are PCM (1) with 8, 16, 24 or 32 bits, floating point (3) with 32 or 64, and μ-law (7)", format);
                return default;
        }
    }
}
