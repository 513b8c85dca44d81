using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace Microsoft.ML.HLstm.Reports;

/// <summary>A report inside a model zip: a version, then its JSON, compressed. Reading is bounded, whatever the bytes say.</summary>
internal static class ReportStream
{
    /// <summary>Name of the stream; a zip may be without it.</summary>
    public const string Name = "Report";

    private const byte Version = 1;
    private const int MaximumBytes = 16 << 20;
    private const int MaximumText = 64 << 20;

    public static void Write(Stream stream, TrainingReport report)
    {
        stream.WriteByte(Version);
        using var compressed = new ZLibStream(stream, CompressionLevel.SmallestSize, leaveOpen: true);
        compressed.Write(Encoding.UTF8.GetBytes(JsonReport.WriteCompact(report)));
    }

    /// <exception cref="ModelFormatException">It is damaged, too large or of a newer version.</exception>
    public static TrainingReport Read(Stream stream)
    {
        byte[] stored = ReadAll(stream, MaximumBytes, "bytes");
        if (stored.Length == 0 || stored[0] != Version)
            throw new ModelFormatException(stored.Length == 0 ? "The report is empty." : $"The report has version {stored[0]}; this version of Microsoft.ML.HLstm reads {Version}.", Name, 0);
        try
        {
            using var text = new ZLibStream(new MemoryStream(stored, 1, stored.Length - 1), CompressionMode.Decompress);
            byte[] json = ReadAll(text, MaximumText, "characters");
            // The library does not miss an end that comes after the last character.
            if (stored.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32BigEndian(stored.AsSpan(^sizeof(uint)..)) != Adler32(json))
                throw new InvalidDataException("its checksum is wrong, or it is cut off.");
            TrainingReport report = JsonReport.Read(json);
            ReportCheck.Check(report);
            return report with { Saved = true };
        }
        catch (Exception error) when (error is JsonException or InvalidDataException or NotSupportedException)
        {
            throw new ModelFormatException($"The report cannot be read: {error.Message}", Name, 1, error);
        }
    }

    /// <summary>The checksum at the end of a zlib stream (RFC 1950, section 8.2).</summary>
    private static uint Adler32(ReadOnlySpan<byte> bytes)
    {
        const uint Modulus = 65521;
        uint sum = 1, sums = 0;
        foreach (byte value in bytes)
        {
            sum = (sum + value) % Modulus;
            sums = (sums + sum) % Modulus;
        }

        return (sums << 16) | sum;
    }

    private static byte[] ReadAll(Stream stream, int maximum, string unit)
    {
        using var all = new MemoryStream();
        byte[] part = new byte[1 << 16];
        for (int read; (read = stream.Read(part)) > 0;)
        {
            if (all.Length + read > maximum)
                throw new ModelFormatException($"The report has more than {maximum} {unit}; no more are allowed.", Name, all.Length);
            all.Write(part, 0, read);
        }

        return all.ToArray();
    }
}
