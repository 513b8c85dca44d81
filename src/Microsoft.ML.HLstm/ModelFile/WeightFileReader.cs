using System.Buffers.Binary;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>
/// Reads what <see cref="WeightFileWriter"/> wrote. Whatever is wrong with the bytes ends in a
/// <see cref="ModelFormatException"/>, and memory use stays in proportion to the bytes that are really there.
/// </summary>
internal static class WeightFileReader
{
    private const int ChunkSize = 1 << 16;

    /// <summary>Reads one cell. The stream need not know its length and stays open; bytes after the weights are not read.</summary>
    /// <param name="stream">Positioned at the first byte of the weights.</param>
    /// <param name="streamName">What errors call the stream.</param>
    /// <exception cref="ModelFormatException">The bytes are damaged, cut short or of a newer version.</exception>
    public static CellWeights ReadCell(Stream stream, string streamName = "weights") =>
        Read(stream, streamName, WeightFileKind.Cell, block => block.Cell(), cell => cell.Validate());

    /// <summary>Reads a translation network. The stream need not know its length and stays open; bytes after the weights are not read.</summary>
    /// <param name="stream">Positioned at the first byte of the weights.</param>
    /// <param name="streamName">What errors call the stream.</param>
    /// <exception cref="ModelFormatException">The bytes are damaged, cut short or of a newer version.</exception>
    public static TranslationWeights ReadTranslation(Stream stream, string streamName = "weights") =>
        Read(stream, streamName, WeightFileKind.Translation, Translation, weights => weights.Validate());

    /// <summary>Reads a captioning network. The stream need not know its length and stays open; bytes after the weights are not read.</summary>
    /// <param name="stream">Positioned at the first byte of the weights.</param>
    /// <param name="streamName">What errors call the stream.</param>
    /// <exception cref="ModelFormatException">The bytes are damaged, cut short or of a newer version.</exception>
    public static CaptionWeights ReadCaption(Stream stream, string streamName = "weights") =>
        Read(stream, streamName, WeightFileKind.Caption, Caption, weights => weights.Validate());

    private static CaptionWeights Caption(WeightBlockReader block)
    {
        bool attention = block.Flag("Attention");
        bool tied = block.Flag("Tied output");
        DenseLayer features = block.Layer();
        WeightMatrix embedding = block.Matrix();
        return new CaptionWeights
        {
            FeatureProjection = features,
            Embedding = embedding,
            Decoder = block.Cells("decoder layers"),
            AttentionScore = attention ? block.Matrix() : null,
            AttentionCombine = attention ? block.Layer() : null,
            OutputProjection = new DenseLayer(tied ? embedding : block.Matrix(), block.Vector("the bias of the output projection")),
        };
    }

    /// <summary>Reads a speech recogniser. The stream need not know its length and stays open; bytes after the weights are not read.</summary>
    /// <param name="stream">Positioned at the first byte of the weights.</param>
    /// <param name="streamName">What errors call the stream.</param>
    /// <exception cref="ModelFormatException">The bytes are damaged, cut short or of a newer version.</exception>
    public static SpeechWeights ReadSpeech(Stream stream, string streamName = "weights") =>
        Read(stream, streamName, WeightFileKind.Speech, Speech, weights => weights.Validate());

    private static SpeechWeights Speech(WeightBlockReader block) => new()
    {
        FrameWidth = block.Size("The width of a frame"),
        SumDirections = block.Flag("The sum of directions"),
        Convolutions = block.Convolutions(),
        Forward = block.Cells("forward recurrent layers"),
        Backward = block.Cells("backward recurrent layers"),
        Normalizations = block.Normalizations("normalizations of recurrent layers"),
        Output = block.Layer(),
    };

    private static TranslationWeights Translation(WeightBlockReader block)
    {
        bool inputFeeding = block.Flag("Input feeding");
        bool tied = block.Flag("Tied output");
        WeightMatrix source = block.Matrix();
        WeightMatrix target = block.Matrix();
        return new TranslationWeights
        {
            InputFeeding = inputFeeding,
            SourceEmbedding = source,
            TargetEmbedding = target,
            EncoderForward = block.Cells("forward encoder layers"),
            EncoderBackward = block.Cells("backward encoder layers"),
            BridgeHidden = block.Layers("bridges of hidden states"),
            BridgeCell = block.Layers("bridges of cell states"),
            Decoder = block.Cells("decoder layers"),
            AttentionScore = block.Matrix(),
            AttentionCombine = block.Layer(),
            OutputProjection = new DenseLayer(tied ? target : block.Matrix(), block.Vector("the bias of the output projection")),
        };
    }

    private static T Read<T>(Stream stream, string name, WeightFileKind kind, Func<WeightBlockReader, T> parse, Action<T> validate)
    {
        byte[] header = new byte[WeightFileFormat.HeaderSize];
        int read = Fill(stream, header, name, 0);
        if (read < header.Length)
            throw new ModelFormatException($"The weights end within their header of {header.Length} bytes", name, read);
        long length = Header(header, name, kind);
        byte[] bytes = Body(stream, header, length + WeightFileFormat.ChecksumSize, name);
        int end = bytes.Length - WeightFileFormat.ChecksumSize;
        if (WeightFileFormat.Checksum(bytes.AsSpan(0, end)) != BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(end)))
            throw new ModelFormatException("The checksum does not match the weights, which are damaged", name, end);

        var reader = new BoundedReader(bytes.AsMemory(header.Length, end - header.Length), header.Length, name);
        T weights = parse(new WeightBlockReader(reader, (WeightPrecision)header[12]));
        reader.End();
        try
        {
            validate(weights);
        }
        catch (InvalidDataException exception)
        {
            throw new ModelFormatException(exception.Message, name, end, exception);
        }

        return weights;
    }

    /// <summary>Checks the header and returns the length of the payload that it promises.</summary>
    private static long Header(ReadOnlySpan<byte> header, string name, WeightFileKind kind)
    {
        if (!header.StartsWith(WeightFileFormat.Magic))
            throw new ModelFormatException("The weights do not begin with the mark of this format", name, 0);
        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(header[8..]);
        if (version is 0 or > WeightFileFormat.Version)
            throw new ModelFormatException($"The weights have format version {version}; this program reads versions 1 to {WeightFileFormat.Version}", name, 8);
        ushort found = BinaryPrimitives.ReadUInt16LittleEndian(header[10..]);
        if (found != (ushort)kind)
            throw new ModelFormatException($"The weights are of kind {found}; {(ushort)kind} ({kind}) is expected", name, 10);
        if (header[12] > (byte)WeightFileFormat.LastPrecision(version))
            throw new ModelFormatException($"The precision of the weights is {header[12]}; version {version} has 0 to {(byte)WeightFileFormat.LastPrecision(version)} ({Enum.GetName(WeightFileFormat.LastPrecision(version))})", name, 12);
        long length = BinaryPrimitives.ReadInt64LittleEndian(header[13..]);
        if (length < 0 || length > Array.MaxLength - WeightFileFormat.HeaderSize - WeightFileFormat.ChecksumSize)
            throw new ModelFormatException($"The length of the weights is {length} bytes; 0 to {Array.MaxLength} are allowed", name, 13);
        return length;
    }

    /// <summary>Reads the rest, growing with what arrives: a length in a header is a claim, not a fact.</summary>
    private static byte[] Body(Stream stream, byte[] header, long rest, string name)
    {
        int total = (int)(header.Length + rest);
        byte[] bytes = new byte[Math.Min(total, header.Length + ChunkSize)];
        header.CopyTo(bytes, 0);
        int filled = header.Length;
        while (true)
        {
            filled += Fill(stream, bytes.AsSpan(filled), name, filled);
            if (filled < bytes.Length)
                throw new ModelFormatException($"The weights end early; {total} bytes are promised", name, filled);
            if (filled == total)
                return bytes;
            Array.Resize(ref bytes, (int)Math.Min(total, 2L * bytes.Length));
        }
    }

    private static int Fill(Stream stream, Span<byte> bytes, string name, long offset)
    {
        try
        {
            return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException exception)
        {
            // What a damaged zip entry throws while it is unpacked.
            throw new ModelFormatException("The weights cannot be unpacked", name, offset, exception);
        }
    }
}
