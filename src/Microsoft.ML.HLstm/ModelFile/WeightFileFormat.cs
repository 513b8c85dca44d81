using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>
/// The frame around the weights, little-endian throughout:
/// <code>
/// magic 8 bytes | version u16 | kind u16 | precision u8 | payload length i64 | payload | CRC-32C of all before u32
/// </code>
/// The payload holds no type names, no paths and nothing executable: shapes, numbers and the names of matrices. Version 2
/// added int8 with its row scales; float32 and float16 are as in version 1.
/// </summary>
internal static class WeightFileFormat
{
    /// <summary>The version this program writes, and the newest that it reads.</summary>
    public const ushort Version = 2;

    /// <summary>Bytes before the payload.</summary>
    public const int HeaderSize = 21;

    /// <summary>Bytes after the payload.</summary>
    public const int ChecksumSize = sizeof(uint);

    /// <summary>
    /// Positions that one stored byte may stand for. It bounds the memory that a small file can ask for to 256 bytes a byte,
    /// and costs only matrices of fewer than about 1 in 400 connections, which fall back to a bitmap.
    /// </summary>
    public const int MaximumPositionsPerByte = 64;

    /// <summary>Longest name of a matrix, in bytes of UTF-8.</summary>
    public const int MaximumNameLength = byte.MaxValue;

    /// <summary>First bytes of every file. Like PNG's, the odd ones break when a transfer treats the file as text.</summary>
    public static ReadOnlySpan<byte> Magic => [0x89, (byte)'H', (byte)'L', (byte)'S', (byte)'T', (byte)'M', (byte)'\r', (byte)'\n'];

    /// <summary>Bytes that one weight takes at a precision.</summary>
    public static int SizeOf(WeightPrecision precision) => precision switch
    {
        WeightPrecision.Int8 => 1,
        WeightPrecision.Half => 2,
        _ => sizeof(float),
    };

    /// <summary>The precisions that a version knows are the first ones of the enum, up to this.</summary>
    public static WeightPrecision LastPrecision(ushort version) => version == 1 ? WeightPrecision.Half : WeightPrecision.Int8;

    /// <summary>
    /// CRC-32C, the CRC-32 for which the runtime uses the processor's instruction. It finds every damage of up to 32 bits in
    /// a row; it is no protection against someone who forges a file, which is why the reader checks every count as well.
    /// </summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes) => ~Checksum(uint.MaxValue, bytes);

    /// <summary>Goes on with a checksum; it starts at <see cref="uint.MaxValue"/> and is inverted at its end.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static uint Checksum(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return crc;
    }
}
