namespace Microsoft.ML.HLstm.Featurizers.Audio;

/// <summary>The options of a spectrogram in a model file.</summary>
internal static class SpectrogramHeader
{
    /// <summary>Writes the options; 0 stands for a length or frequency that is not given.</summary>
    public static void Write(BinaryWriter writer, SpectrogramOptions options)
    {
        writer.Write(options.SampleRate!.Value);
        writer.Write(options.WindowMilliseconds);
        writer.Write(options.HopMilliseconds);
        writer.Write(options.FftLength ?? 0);
        writer.Write((int)options.Window);
        writer.Write((int)options.Features);
        writer.Write(options.MelBands);
        writer.Write(options.LowestFrequency);
        writer.Write(options.HighestFrequency ?? 0);
        writer.Write(options.Coefficients);
        writer.Write((int)options.Normalization);
    }

    /// <summary>Reads and checks the options.</summary>
    /// <exception cref="ArgumentException">One is out of its range; the message names it.</exception>
    /// <exception cref="EndOfStreamException">The file ends.</exception>
    public static SpectrogramOptions Read(BinaryReader reader)
    {
        SpectrogramOptions options = new()
        {
            SampleRate = reader.ReadInt32(),
            WindowMilliseconds = reader.ReadDouble(),
            HopMilliseconds = reader.ReadDouble(),
            FftLength = reader.ReadInt32() is var length and not 0 ? length : null,
            Window = (SpectrogramWindow)reader.ReadInt32(),
            Features = (SpectrogramFeatures)reader.ReadInt32(),
            MelBands = reader.ReadInt32(),
            LowestFrequency = reader.ReadDouble(),
            HighestFrequency = reader.ReadDouble() is var highest and not 0 ? highest : null,
            Coefficients = reader.ReadInt32(),
            Normalization = (SpectrogramNormalization)reader.ReadInt32(),
        };
        options.Validate();
        return options;
    }
}
