using System.Text;

namespace Microsoft.ML.HLstm.Featurizers;

/// <summary>Reads the parts of a saved vocabulary, each bounded; whatever is wrong becomes <see cref="InvalidDataException"/>.</summary>
internal sealed class VocabularyReader(BinaryReader reader)
{
    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads one byte.</summary>
    public byte ReadByte(string what) => Guarded(what, reader.ReadByte);

    /// <summary>Reads a byte that has to be 0 or 1.</summary>
    public bool ReadBoolean(string what) => ReadByte(what) switch
    {
        0 => false,
        1 => true,
        byte other => throw new InvalidDataException($"The vocabulary's {what} is {other}; allowed are 0 and 1."),
    };

    /// <summary>Reads a number from 0 to <paramref name="maximum"/>.</summary>
    public int ReadNumber(string what, int maximum)
    {
        int value = Guarded(what, reader.Read7BitEncodedInt);
        return value >= 0 && value <= maximum
            ? value
            : throw new InvalidDataException($"The vocabulary's {what} is {value}; allowed are 0 to {maximum}.");
    }

    /// <summary>Reads how many things follow, each of which takes at least <paramref name="bytesEach"/> bytes.</summary>
    public int ReadCount(string what, int maximum, int bytesEach)
    {
        int count = ReadNumber(what, maximum);
        CheckRemaining(what, (long)count * bytesEach);
        return count;
    }

    /// <summary>Reads a text of 1 to <paramref name="maximumLength"/> UTF-16 units that contains no white space.</summary>
    public string ReadPiece(string what, int maximumLength)
    {
        int length = ReadNumber(what + " length", maximumLength * 3);
        CheckRemaining(what, length);
        byte[] bytes = Guarded(what, () => reader.ReadBytes(length));
        if (bytes.Length < length)
            throw new InvalidDataException($"The vocabulary ends inside its {what}.");

        string piece;
        try
        {
            piece = _strict.GetString(bytes);
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidDataException($"The vocabulary's {what} is not UTF-8.", exception);
        }

        if (piece.Length == 0 || piece.Length > maximumLength)
            throw new InvalidDataException($"The vocabulary's {what} has {piece.Length} characters; allowed are 1 to {maximumLength}.");
        return piece.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
            ? throw new InvalidDataException($"The vocabulary's {what} contains white space or a control character.")
            : piece;
    }

    /// <summary>Writes a piece as <see cref="ReadPiece"/> reads it.</summary>
    public static void WritePiece(BinaryWriter writer, string piece)
    {
        byte[] bytes = _strict.GetBytes(piece);
        writer.Write7BitEncodedInt(bytes.Length);
        writer.Write(bytes);
    }

    private void CheckRemaining(string what, long bytes)
    {
        Stream stream = reader.BaseStream;
        if (stream.CanSeek && bytes > stream.Length - stream.Position)
            throw new InvalidDataException($"The vocabulary's {what} needs {bytes} bytes, and {stream.Length - stream.Position} are left.");
    }

    private static T Guarded<T>(string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (EndOfStreamException exception)
        {
            throw new InvalidDataException($"The vocabulary ends inside its {what}.", exception);
        }
        catch (FormatException exception)
        {
            throw new InvalidDataException($"The vocabulary's {what} is not a number.", exception);
        }
    }
}
