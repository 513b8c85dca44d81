using System.Text;
using Microsoft.ML.HLstm.Featurizers;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.ModelFile;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>The small values of a saved translation model, and its vocabularies. Everything read is checked.</summary>
internal sealed record TranslationHeader(int MaximumLength, long RecurrentParameters, long Parameters, WeightPrecision Precision, DecodingOptions Decoding)
{
    private const string Where = "Model.key";

    /// <summary>Writes the values.</summary>
    public static void Write(BinaryWriter writer, TranslationModel model, DecodingOptions decoding)
    {
        writer.Write(model.MaximumLength);
        writer.Write(model.Statistics.RecurrentParameters);
        writer.Write(model.Statistics.Parameters);
        writer.Write((int)model.Weights.Precision);
        DecodingFields.Write(writer, decoding);
    }

    /// <summary>Reads the values.</summary>
    /// <exception cref="ModelFormatException">One is out of its range, or the file ends.</exception>
    public static TranslationHeader Read(BinaryReader reader)
    {
        try
        {
            var header = new TranslationHeader(reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt64(), (WeightPrecision)reader.ReadInt32(), DecodingFields.Read(reader));
            OptionChecks.InRange(header.MaximumLength, 1, 10_000, nameof(MaximumLength));
            OptionChecks.Defined(header.Precision, nameof(Precision));
            return header;
        }
        catch (Exception error) when (error is EndOfStreamException or ArgumentException)
        {
            throw new ModelFormatException(error.Message, Where, reader.BaseStream.Position, error);
        }
    }

    /// <summary>Writes both vocabularies.</summary>
    public static void WriteVocabularies(Stream stream, TranslationModel model)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        model.Source.Save(writer);
        model.Target.Save(writer);
    }

    /// <summary>Reads both vocabularies.</summary>
    /// <exception cref="ModelFormatException">They are damaged.</exception>
    public static (TextVocabulary Source, TextVocabulary Target) ReadVocabularies(Stream stream)
    {
        try
        {
            using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
            return (TextVocabulary.Load(reader), TextVocabulary.Load(reader));
        }
        catch (InvalidDataException error)
        {
            throw new ModelFormatException(error.Message, "Vocabularies", stream.Position, error);
        }
    }

    /// <summary>Puts the parts together.</summary>
    /// <exception cref="ModelFormatException">The vocabularies or the precision are not those of the weights.</exception>
    public TranslationModel MakeModel(TextVocabulary source, TextVocabulary target, TranslationWeights weights, LexicalShortlist? shortlist = null)
    {
        if (source.Count != weights.SourceEmbedding.Rows || target.Count != weights.TargetEmbedding.Rows)
        {
            throw new ModelFormatException(
                $"The vocabularies have {source.Count} and {target.Count} entries, the embeddings {weights.SourceEmbedding.Rows} and {weights.TargetEmbedding.Rows} rows; they must be equal.",
                "Vocabularies", 0);
        }

        if (weights.Precision != Precision)
            throw new ModelFormatException($"The precision of the weights is {weights.Precision}, of the model {Precision}; they must be equal.", "Weights", 0);
        return new TranslationModel(source, target, weights, MaximumLength, RecurrentParameters, Parameters, shortlist);
    }
}
