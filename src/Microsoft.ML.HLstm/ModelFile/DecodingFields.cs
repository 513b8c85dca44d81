namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>Decoding options as they stand among the small values of a saved model.</summary>
internal static class DecodingFields
{
    /// <summary>Writes all that are saved.</summary>
    public static void Write(BinaryWriter writer, DecodingOptions decoding)
    {
        writer.Write(decoding.BeamWidth);
        writer.Write(decoding.LengthNormalization);
        writer.Write(decoding.Alternatives);
        writer.Write(decoding.MaximumLength);
        writer.Write(decoding.NoRepeatNgramSize);
    }

    /// <summary>Reads and checks them.</summary>
    /// <exception cref="EndOfStreamException">The file ends.</exception>
    /// <exception cref="ArgumentOutOfRangeException">One is out of its range; the message names it.</exception>
    public static DecodingOptions Read(BinaryReader reader)
    {
        var decoding = new DecodingOptions
        {
            BeamWidth = reader.ReadInt32(),
            LengthNormalization = reader.ReadDouble(),
            Alternatives = reader.ReadInt32(),
            MaximumLength = reader.ReadInt32(),
            NoRepeatNgramSize = reader.ReadInt32(),
        };
        decoding.Validate();
        return decoding;
    }
}
