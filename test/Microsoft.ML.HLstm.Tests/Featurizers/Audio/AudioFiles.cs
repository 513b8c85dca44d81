using System.Text;

namespace Microsoft.ML.HLstm.Tests.Featurizers.Audio;

/// <summary>Writes audio files by their specifications.</summary>
internal static class AudioFiles
{
    public const int Pcm = 1, Float = 3, MuLaw = 7;

    /// <summary>A WAV file; a chunk of another kind stands before the data.</summary>
    public static byte[] Wave(int encoding, int bits, int channels, int rate, byte[] data, bool extensible = false, int? block = null)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write("RIFF"u8);
        writer.Write(12 + 8 + (extensible ? 40 : 16) + 12 + data.Length);
        writer.Write("WAVEfmt "u8);
        writer.Write(extensible ? 40 : 16);
        writer.Write((ushort)(extensible ? 0xFFFE : encoding));
        writer.Write((ushort)channels);
        writer.Write(rate);
        writer.Write(rate * channels * bits / 8);
        writer.Write((ushort)(block ?? channels * bits / 8));
        writer.Write((ushort)bits);
        if (extensible)
        {
            writer.Write((ushort)22);
            writer.Write((ushort)bits);
            writer.Write(0);
            writer.Write(new Guid(encoding, 0, 0x10, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71).ToByteArray());
        }
        writer.Write("LIST"u8);
        writer.Write(3);
        writer.Write([1, 2, 3, 0]); // an odd length and its padding
        writer.Write("data"u8);
        writer.Write(data.Length);
        writer.Write(data);
        return stream.ToArray();
    }

    /// <summary>A WAV file of 16 bits, one channel.</summary>
    public static byte[] Wave(int rate, params short[] samples) => Wave(Pcm, 16, 1, rate, [.. samples.SelectMany(BitConverter.GetBytes)]);

    /// <summary>A NIST SPHERE file with these lines in its header.</summary>
    public static byte[] Sphere(byte[] data, params string[] lines)
    {
        string header = "NIST_1A\n   1024\n" + string.Concat(lines.Select(line => line + "\n")) + "end_head\n";
        return [.. Encoding.ASCII.GetBytes(header.PadRight(1024)), .. data];
    }

    /// <summary>A NIST SPHERE file of 16 bits, one channel, with one line of its header in other words.</summary>
    public static byte[] SphereWith(string line, params short[] samples)
    {
        string[] lines =
        [
            $"sample_count -i {samples.Length}", "sample_rate -i 16000", "channel_count -i 1", "sample_n_bytes -i 2",
            "sample_byte_format -s2 01", "sample_coding -s3 pcm",
        ];
        string name = line.Split(' ')[0];
        return Sphere([.. samples.SelectMany(BitConverter.GetBytes)], [.. lines.Where(other => other.Split(' ')[0] != name), line]);
    }
}
