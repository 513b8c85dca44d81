using System.Buffers.Binary;

namespace Microsoft.ML.HLstm.Featurizers.Images;

/// <summary>Finds picture files that are cut short: decoders fill what is missing with grey and say nothing.</summary>
internal static class ImageFileCheck
{
    private const byte Marker = 0xFF, StartOfImage = 0xD8, EndOfImage = 0xD9, StartOfScan = 0xDA;

    /// <summary>What is wrong with the bytes of a file, or null where nothing can be told.</summary>
    public static string? WrongWith(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [] => "it is empty",
        [Marker, StartOfImage, ..] when !HasEnd(bytes) => "it is a JPEG that is cut off",
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] when bytes.LastIndexOf("IEND"u8) < 0 => "it is a PNG that is cut off",
        _ => null,
    };

    /// <summary>
    /// Whether the picture's end comes after its scanned data, in which no two bytes are a marker. What segments before it hold, such as a small
    /// preview, is skipped, and what comes after the picture, such as a film, is not looked at.
    /// </summary>
    private static bool HasEnd(ReadOnlySpan<byte> bytes)
    {
        int at = 2;
        while (at + 3 < bytes.Length)
        {
            if (bytes[at] != Marker)
                return bytes[at..].IndexOf([Marker, EndOfImage]) >= 0;
            if (bytes[at + 1] == Marker)
            {
                at++;
                continue;
            }

            if (bytes[at + 1] == StartOfScan)
                return bytes[at..].IndexOf([Marker, EndOfImage]) >= 0;
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
        }

        return false;
    }
}
