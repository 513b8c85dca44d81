using System.Buffers.Binary;
using System.Text;
using Microsoft.ML.HLstm.ModelFile;

namespace Microsoft.ML.HLstm.Training.Checkpoints;

/// <summary>
/// One checkpoint, little-endian throughout:
/// <code>
/// magic 8 bytes | version u16 | identity | state of the run | CRC-32C of all before u32
/// </code>
/// It is never longer-lived than its run, so there is one version and no other is read.
/// </summary>
internal static class CheckpointFile
{
    /// <summary>The version that is written and read.</summary>
    public const ushort Version = 3;

    private const int BufferSize = 1 << 20, HeaderSize = 10;

    private static ReadOnlySpan<byte> Magic => [0x89, (byte)'H', (byte)'L', (byte)'S', (byte)'T', (byte)'C', (byte)'\r', (byte)'\n'];

    /// <summary>Writes a checkpoint to a new file, and returns when the disk has it.</summary>
    public static void Write(string path, RunIdentity identity, Action<BinaryWriter> state)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, BufferSize);
        var sum = new ChecksumStream(file);
        using var writer = new BinaryWriter(sum, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(Version);
        identity.Write(writer);
        state(writer);
        writer.Flush();
        writer.Write(sum.Checksum);
        writer.Flush();
        file.Flush(flushToDisk: true);
    }

    /// <summary>What is wrong with a file; null when it is whole.</summary>
    public static string? Damage(string path)
    {
        using FileStream file = Open(path);
        byte[] header = new byte[HeaderSize];
        if (file.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) < HeaderSize || !header.AsSpan().StartsWith(Magic))
            return "it does not begin with the mark of a checkpoint";
        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(Magic.Length));
        if (version != Version)
            return $"it has format version {version}, and this program reads version {Version}";
        uint crc = WeightFileFormat.Checksum(uint.MaxValue, header);
        byte[] buffer = new byte[BufferSize];
        for (long left = file.Length - HeaderSize - sizeof(uint); left > 0;)
        {
            int read = file.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (read == 0)
                break;
            crc = WeightFileFormat.Checksum(crc, buffer.AsSpan(0, read));
            left -= read;
        }

        byte[] sum = new byte[sizeof(uint)];
        return file.ReadAtLeast(sum, sum.Length, throwOnEndOfStream: false) == sum.Length && BinaryPrimitives.ReadUInt32LittleEndian(sum) == ~crc
            ? null : "its checksum does not match, so it is damaged or cut short";
    }

    /// <summary>Reads the identity in a whole file and, where asked for, what follows.</summary>
    public static RunIdentity Read(string path, Action<BinaryReader>? state = null)
    {
        using FileStream file = Open(path);
        using var reader = new BinaryReader(file, Encoding.UTF8, leaveOpen: true);
        file.Position = HeaderSize;
        RunIdentity identity = RunIdentity.Read(reader);
        state?.Invoke(reader);
        return identity;
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferSize);
}
