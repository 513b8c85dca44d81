using System.Text;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>Writes weights as one binary stream; <see cref="WeightFileFormat"/> describes it.</summary>
internal static class WeightFileWriter
{
    /// <summary>Writes one cell. The stream stays open.</summary>
    /// <exception cref="InvalidDataException">A shape or a value does not fit; the message names the matrix.</exception>
    public static void Write(Stream stream, CellWeights weights, WeightPrecision precision = WeightPrecision.Single)
    {
        weights.Validate();
        Write(stream, WeightFileKind.Cell, precision, block => block.Cell(weights));
    }

    /// <summary>Writes a translation network; a tied output projection is stored once. The stream stays open.</summary>
    /// <exception cref="InvalidDataException">A shape or a value does not fit; the message names the matrix.</exception>
    public static void Write(Stream stream, TranslationWeights weights, WeightPrecision precision = WeightPrecision.Single)
    {
        weights.Validate();
        Write(stream, WeightFileKind.Translation, precision, block =>
        {
            block.Flag(weights.InputFeeding);
            block.Flag(weights.TiedOutput);
            block.Matrix(weights.SourceEmbedding);
            block.Matrix(weights.TargetEmbedding);
            block.Cells(weights.EncoderForward);
            block.Cells(weights.EncoderBackward);
            block.Layers(weights.BridgeHidden);
            block.Layers(weights.BridgeCell);
            block.Cells(weights.Decoder);
            block.Matrix(weights.AttentionScore);
            block.Layer(weights.AttentionCombine);
            if (!weights.TiedOutput)
                block.Matrix(weights.OutputProjection.Weight);
            block.Vector(weights.OutputProjection.Bias, weights.OutputProjection.Weight.Name);
        });
    }

    /// <summary>Writes a captioning network; a tied output projection is stored once. The stream stays open.</summary>
    /// <exception cref="InvalidDataException">A shape or a value does not fit; the message names the matrix.</exception>
    public static void Write(Stream stream, CaptionWeights weights, WeightPrecision precision = WeightPrecision.Single)
    {
        weights.Validate();
        Write(stream, WeightFileKind.Caption, precision, block =>
        {
            block.Flag(weights.HasAttention);
            block.Flag(weights.TiedOutput);
            block.Layer(weights.FeatureProjection);
            block.Matrix(weights.Embedding);
            block.Cells(weights.Decoder);
            if (weights.HasAttention)
            {
                block.Matrix(weights.AttentionScore!);
                block.Layer(weights.AttentionCombine!);
            }

            if (!weights.TiedOutput)
                block.Matrix(weights.OutputProjection.Weight);
            block.Vector(weights.OutputProjection.Bias, weights.OutputProjection.Weight.Name);
        });
    }

    /// <summary>Writes a speech recogniser. The stream stays open.</summary>
    /// <exception cref="InvalidDataException">A shape or a value does not fit; the message names the matrix.</exception>
    public static void Write(Stream stream, SpeechWeights weights, WeightPrecision precision = WeightPrecision.Single)
    {
        weights.Validate();
        Write(stream, WeightFileKind.Speech, precision, block =>
        {
            block.Size(weights.FrameWidth);
            block.Flag(weights.SumDirections);
            block.Convolutions(weights.Convolutions);
            block.Cells(weights.Forward);
            block.Cells(weights.Backward);
            block.Normalizations(weights.Normalizations);
            block.Layer(weights.Output);
        });
    }

    private static void Write(Stream stream, WeightFileKind kind, WeightPrecision precision, Action<WeightBlockWriter> payload)
    {
        // The length stands before the payload and the checksum after it, so the file is put together in memory.
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer, Encoding.UTF8);
        writer.Write(WeightFileFormat.Magic);
        writer.Write(WeightFileFormat.Version);
        writer.Write((ushort)kind);
        writer.Write((byte)precision);
        writer.Write(0L);
        payload(new WeightBlockWriter(writer, precision));
        writer.Flush();

        buffer.Position = WeightFileFormat.HeaderSize - sizeof(long);
        writer.Write(buffer.Length - WeightFileFormat.HeaderSize);
        buffer.Position = buffer.Length;
        writer.Write(WeightFileFormat.Checksum(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
        writer.Flush();
        buffer.WriteTo(stream);
    }
}
