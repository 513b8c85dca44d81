using System.Buffers.Binary;

namespace Microsoft.ML.HLstm.Featurizers.Audio;

/// <summary>Turns the bytes of an audio file into samples of one channel. The container is known by its content.</summary>
internal static class AudioDecoder
{
    /// <summary>Finds the samples.</summary>
    /// <exception cref="AudioFormatException">The bytes are not audio that can be read.</exception>
    public static SampleLayout ReadHeader(AudioBytes audio)
    {
        if (WaveHeader.Matches(audio))
            return WaveHeader.Read(audio);
        if (SphereHeader.Matches(audio))
            return SphereHeader.Read(audio);
        audio.Fail($"{Foreign(audio)}; read are WAV and NIST SPHERE", 0);
        return default;
    }

    /// <summary>Decodes all samples, the mean of the channels, in [-1, 1]; floating-point samples beyond are clipped.</summary>
    /// <exception cref="AudioFormatException">A floating-point sample is not a finite number.</exception>
    public static void Decode(AudioBytes audio, SampleLayout layout, Span<float> destination)
    {
        int bytes = SampleLayout.BytesOf(layout.Encoding);
        ReadOnlySpan<byte> data = audio.Slice(layout.Offset, layout.Length * layout.Channels * bytes, "the samples");
        float scale = 1f / layout.Channels;
        for (int time = 0; time < layout.Length; time++)
        {
            float sum = 0;
            for (int channel = 0; channel < layout.Channels; channel++)
            {
                sum += Sample(layout.Encoding, data);
                data = data[bytes..];
            }
            if (!float.IsFinite(sum))
                audio.Fail($"sample {time} is {sum}", layout.Offset + (long)time * layout.Channels * bytes);
            destination[time] = sum * scale;
        }
    }

    private static float Sample(SampleEncoding encoding, ReadOnlySpan<byte> data) => encoding switch
    {
        SampleEncoding.Signed16 => BinaryPrimitives.ReadInt16LittleEndian(data) / 32768f,
        SampleEncoding.Signed16BigEndian => BinaryPrimitives.ReadInt16BigEndian(data) / 32768f,
        SampleEncoding.Unsigned8 => (data[0] - 128) / 128f,
        SampleEncoding.Signed24 => (data[0] << 8 | data[1] << 16 | data[2] << 24) / 2147483648f,
        SampleEncoding.Signed32 => BinaryPrimitives.ReadInt32LittleEndian(data) / 2147483648f,
        SampleEncoding.Float32 => Clip(BinaryPrimitives.ReadSingleLittleEndian(data)),
        SampleEncoding.Float64 => Clip(BinaryPrimitives.ReadDoubleLittleEndian(data)),
        SampleEncoding.MuLaw => MuLaw(data[0]),
        _ => throw new ArgumentOutOfRangeException(nameof(encoding), encoding, "There is no such encoding."),
    };

    // What is not finite stays so, to be refused.
    private static float Clip(double value) => double.IsFinite(value) ? (float)Math.Clamp(value, -1, 1) : (float)value;

    // Four bits of mantissa, three of exponent, the sign, all inverted; 33 is the bias of 14-bit values (G.711, table 2a).
    private static float MuLaw(byte code)
    {
        int bits = ~code;
        int magnitude = (((bits & 0x0F) << 1) + 33 << ((bits & 0x70) >> 4)) - 33;
        return (code & 0x80) != 0 ? magnitude / 8192f : -magnitude / 8192f;
    }

    private static string Foreign(AudioBytes audio) => audio.Length == 0 ? "there are 0 bytes"
        : audio.Has("fLaC"u8) ? "this is a FLAC file"
        : audio.Has("OggS"u8) ? "this is an Ogg file"
        : audio.Has("ID3"u8) ? "this is an MP3 file"
        : audio.Has("FORM"u8) ? "this is an AIFF file"
        : audio.Has("RF64"u8) || audio.Has("RIFX"u8) ? "this is a WAV file of the kind RF64 or RIFX"
        : "this is not a known format";
}
