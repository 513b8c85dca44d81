using System.Text;
using Microsoft.ML.HLstm.Featurizers;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.ModelFile;

namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>The small values of a saved captioning model, and its vocabulary. Everything read is checked.</summary>
internal sealed record CaptionHeader(FeatureShape Features, long RecurrentParameters, long Parameters, WeightPrecision Precision, DecodingOptions Decoding)
{
    /// <summary>Writes the values.</summary>
    public static void Write(BinaryWriter writer, CaptionModel model, DecodingOptions decoding)
    {
        writer.Write(model.Features.Regions);
        writer.Write(model.Features.Width);
        writer.Write(model.Statistics.RecurrentParameters);
        writer.Write(model.Statistics.Parameters);
        writer.Write((int)model.Weights.Precision);
        DecodingFields.Write(writer, decoding);
    }

    /// <summary>Reads the values.</summary>
    /// <exception cref="EndOfStreamException">The file ends.</exception>
    /// <exception cref="ArgumentException">One is out of its range.</exception>
    public static CaptionHeader Read(BinaryReader reader)
    {
        var features = new FeatureShape(reader.ReadInt32(), reader.ReadInt32());
        OptionChecks.InRange(features.Regions, 1, int.MaxValue, nameof(features.Regions));
        OptionChecks.InRange(features.Width, 1, int.MaxValue / features.Regions, nameof(features.Width));
        var header = new CaptionHeader(features, reader.ReadInt64(), reader.ReadInt64(), (WeightPrecision)reader.ReadInt32(), DecodingFields.Read(reader));
        OptionChecks.Defined(header.Precision, nameof(Precision));
        return header;
    }

    /// <summary>Writes the vocabulary.</summary>
    public static void WriteVocabulary(Stream stream, CaptionModel model)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        model.Vocabulary.Save(writer);
    }

    /// <summary>Reads the vocabulary.</summary>
    /// <exception cref="ModelFormatException">It is damaged.</exception>
    public static TextVocabulary ReadVocabulary(Stream stream)
    {
        try
        {
            using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
            return TextVocabulary.Load(reader);
        }
        catch (InvalidDataException error)
        {
            throw new ModelFormatException(error.Message, "Vocabulary", stream.Position, error);
        }
    }

    /// <summary>Puts the parts together.</summary>
    /// <exception cref="ModelFormatException">The vocabulary, the features or the precision are not those of the weights.</exception>
    public CaptionModel MakeModel(TextVocabulary vocabulary, CaptionWeights weights)
    {
        if (vocabulary.Count != weights.Embedding.Rows)
            throw new ModelFormatException($"The vocabulary has {vocabulary.Count} entries, the embedding {weights.Embedding.Rows} rows; they must be equal.", "Vocabulary", 0);
        if (Features.Width != weights.FeatureSize || (Features.Regions > 1 && !weights.HasAttention))
            throw new ModelFormatException($"The model reads {Features.Regions} regions of {Features.Width} features, its weights {(weights.HasAttention ? "any" : "1")} of {weights.FeatureSize}; they must be equal.", "Weights", 0);
        if (weights.Precision != Precision)
            throw new ModelFormatException($"The precision of the weights is {weights.Precision}, of the model {Precision}; they must be equal.", "Weights", 0);
        return new CaptionModel(vocabulary, weights, Features, RecurrentParameters, Parameters);
    }
}
