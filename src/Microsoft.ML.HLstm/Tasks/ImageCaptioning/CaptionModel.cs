using Microsoft.ML.HLstm.Featurizers;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>A trained captioning network with its vocabulary, packed for scoring once and shared by all scorers.</summary>
internal sealed class CaptionModel
{
    /// <summary>
    /// Packs the weights. The parameters that an architecture would have with every connection active are given, because
    /// compaction takes units away.
    /// </summary>
    public CaptionModel(TextVocabulary vocabulary, CaptionWeights weights, FeatureShape features, long recurrentParameters, long parameters)
    {
        (Vocabulary, Weights, Features) = (vocabulary, weights, features);
        Packed = new PackedCaptioner(weights);
        Statistics = new ModelStatistics(recurrentParameters, weights.RecurrentParametersActive, parameters, weights.ParametersActive, weights.FlopsPerDecodingStep);
    }

    /// <summary>Vocabulary of the captions.</summary>
    public TextVocabulary Vocabulary { get; }

    /// <summary>The weights as they were trained.</summary>
    public CaptionWeights Weights { get; }

    /// <summary>The weights as scoring reads them.</summary>
    public PackedCaptioner Packed { get; }

    /// <summary>The features of a picture.</summary>
    public FeatureShape Features { get; }

    /// <summary>How large the model is.</summary>
    public ModelStatistics Statistics { get; }

    /// <summary>Tells this model from others, by vocabulary and weights.</summary>
    public ulong Fingerprint() => DataFingerprint.Of(
        file => CaptionHeader.WriteVocabulary(file, this), file => WeightFileWriter.Write(file, Weights, Weights.Precision));

    /// <summary>The model with its weights rounded to a precision; the model itself where it has it.</summary>
    /// <exception cref="InvalidDataException">A weight is too large for the precision.</exception>
    public CaptionModel At(WeightPrecision precision)
    {
        if (Weights.Precision == precision)
            return this;
        // Through the file, so that the model scores the same before and after it is saved.
        using var file = new MemoryStream();
        WeightFileWriter.Write(file, Weights, precision);
        file.Position = 0;
        return new CaptionModel(Vocabulary, WeightFileReader.ReadCaption(file), Features, Statistics.RecurrentParameters, Statistics.Parameters);
    }
}
