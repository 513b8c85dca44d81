using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>
/// Reads numbers from bytes that are all there. Asking for more than is left is a <see cref="ModelFormatException"/>, never a
/// larger allocation.
/// </summary>
internal sealed class BoundedReader(ReadOnlyMemory<byte> bytes, long startOffset, string streamName)
{
    private static readonly UTF8Encoding _strictUtf8 = new(false, throwOnInvalidBytes: true);
    private int _position;

    /// <summary>A reader of all that is left of a stream, which stays open.</summary>
    /// <exception cref="ModelFormatException">The stream cannot be unpacked.</exception>
    public static BoundedReader OfAll(Stream stream, string streamName)
    {
        using var bytes = new MemoryStream();
        try
        {
            stream.CopyTo(bytes);
        }
        catch (InvalidDataException error)
        {
            // What a damaged zip entry throws while it is unpacked.
            throw new ModelFormatException($"This part cannot be unpacked: {error.Message}", streamName, bytes.Length, error);
        }

        return new BoundedReader(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), 0, streamName);
    }

    /// <summary>Bytes left.</summary>
    public int Remaining => bytes.Length - _position;

    /// <summary>Takes <paramref name="count"/> bytes for <paramref name="what"/>.</summary>
    public ReadOnlySpan<byte> Take(long count, string what)
    {
        if (count < 0 || count > Remaining)
            Fail($"{what} needs {count} bytes; {Remaining} are left");
        ReadOnlySpan<byte> taken = bytes.Span.Slice(_position, (int)count);
        _position += (int)count;
        return taken;
    }

    /// <summary>Reads one byte.</summary>
    public byte Byte(string what) => Take(sizeof(byte), what)[0];

    /// <summary>Reads a 32-bit number of 0 or more.</summary>
    public int Size(string what)
    {
        int value = BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int), what));
        if (value < 0)
            Fail($"{what} is {value}; 0 or more is allowed");
        return value;
    }

    /// <summary>Reads a number of 0 or more that takes 7 bits of each byte, the lowest first, as <see cref="BinaryWriter.Write7BitEncodedInt"/> writes it.</summary>
    public int Varint(string what)
    {
        long value = 0;
        for (int shift = 0; shift < 35; shift += 7)
        {
            byte part = Byte(what);
            value |= (long)(part & 0x7F) << shift;
            if (part < 0x80 && value <= int.MaxValue)
                return (int)value;
        }

        Fail($"{what} is {value}; 0 to {int.MaxValue} is allowed");
        return 0;
    }

    /// <summary>Reads a 32-bit floating-point number.</summary>
    public float Single(string what) => BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float), what));

    /// <summary>Reads a count of things that take at least <paramref name="bytesEach"/> bytes each, and checks it against what is left.</summary>
    public int Count(string what, int bytesEach)
    {
        int count = Size(what);
        if ((long)count * bytesEach > Remaining)
            Fail($"{what} is {count}; the {Remaining} bytes left hold at most {Remaining / bytesEach}");
        return count;
    }

    /// <summary>Reads a yes or no.</summary>
    public bool Flag(string what)
    {
        byte value = Byte(what);
        if (value > 1)
            Fail($"{what} is {value}; 0 and 1 are allowed");
        return value == 1;
    }

    /// <summary>Reads a short text of at least one character.</summary>
    public string Name(string what)
    {
        ReadOnlySpan<byte> utf8 = Take(Byte(what), what);
        if (utf8.IsEmpty)
            Fail($"{what} is empty; at least one character is needed");
        try
        {
            return _strictUtf8.GetString(utf8);
        }
        catch (DecoderFallbackException exception)
        {
            throw new ModelFormatException($"{what} is not UTF-8", streamName, startOffset + _position, exception);
        }
    }

    /// <summary>Checks that nothing is left.</summary>
    public void End()
    {
        if (Remaining != 0)
            Fail($"{Remaining} bytes are left after the end; 0 are expected");
    }

    /// <summary>Refuses the file at the place that has been reached.</summary>
    [DoesNotReturn]
    public void Fail(string message, Exception? inner = null) =>
        throw new ModelFormatException(message, streamName, startOffset + _position, inner);
}
