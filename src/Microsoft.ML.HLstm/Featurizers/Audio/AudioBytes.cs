using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Microsoft.ML.HLstm.Featurizers.Audio;

/// <summary>The bytes of an audio file under the name that errors give it; what is not there is an <see cref="AudioFormatException"/>.</summary>
internal readonly ref struct AudioBytes(ReadOnlySpan<byte> bytes, string name)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>The number of bytes.</summary>
    public int Length => _bytes.Length;

    /// <summary>Some bytes, for <paramref name="what"/>.</summary>
    public ReadOnlySpan<byte> Slice(int offset, int count, string what)
    {
        if (count > Length - offset)
            Fail($"{what} needs {count} bytes, but {Math.Max(0, Length - offset)} are left", offset);
        return _bytes.Slice(offset, count);
    }

    /// <summary>A 16-bit number, lowest byte first.</summary>
    public ushort UInt16(int offset, string what) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(offset, sizeof(ushort), what));

    /// <summary>A 32-bit number, lowest byte first.</summary>
    public uint UInt32(int offset, string what) => BinaryPrimitives.ReadUInt32LittleEndian(Slice(offset, sizeof(uint), what));

    /// <summary>Tells whether these bytes stand at a place.</summary>
    public bool Has(ReadOnlySpan<byte> text, int offset = 0) => Length - offset >= text.Length && _bytes[offset..].StartsWith(text);

    /// <summary>Refuses the audio at a place.</summary>
    [DoesNotReturn]
    public void Fail(string what, long offset) => throw new AudioFormatException(name, what, offset);
}
