namespace Microsoft.ML.HLstm.Featurizers.Images;

/// <summary>Finds picture files that are cut short: decoders fill what is missing with grey and say nothing.</summary>
internal static class ImageFileCheck
{
    /// <summary>What is wrong with the bytes of a file, or null where nothing can be told.</summary>
    public static string? WrongWith(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [] => "it is empty",
        // Inside of scanned data no two bytes are a marker, and a small preview has its end before the picture starts.
        [0xFF, 0xD8, ..] when bytes.LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xD9]) <= bytes.LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]) => "it is a JPEG that is cut off",
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] when bytes.LastIndexOf("IEND"u8) < 0 => "it is a PNG that is cut off",
        _ => null,
    };
}
