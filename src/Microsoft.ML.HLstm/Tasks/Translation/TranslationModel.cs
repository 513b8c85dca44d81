using Microsoft.ML.HLstm.Featurizers;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>A trained translation network with its vocabularies, packed for scoring once and shared by all scorers.</summary>
internal sealed class TranslationModel
{
    /// <summary>
    /// Packs the weights. The parameters that an architecture would have with every connection active are given, because
    /// compaction takes units away.
    /// </summary>
    public TranslationModel(
        TextVocabulary source, TextVocabulary target, TranslationWeights weights, int maximumLength, long recurrentParameters, long parameters, LexicalShortlist? shortlist = null)
    {
        (Source, Target, Weights, MaximumLength, Shortlist) = (source, target, weights, maximumLength, shortlist);
        Packed = new PackedTranslation(weights, shortlist is not null);
        Statistics = new ModelStatistics(recurrentParameters, weights.RecurrentParametersActive, parameters, weights.ParametersActive, weights.FlopsPerDecodingStep);
    }

    private TranslationModel(TranslationModel other, LexicalShortlist? shortlist)
    {
        (Source, Target, Weights, MaximumLength, Packed, Statistics) = (other.Source, other.Target, other.Weights, other.MaximumLength, other.Packed, other.Statistics);
        Shortlist = shortlist;
    }

    /// <summary>Vocabulary of the sentences to translate.</summary>
    public TextVocabulary Source { get; }

    /// <summary>Vocabulary of the translations.</summary>
    public TextVocabulary Target { get; }

    /// <summary>The weights as they were trained.</summary>
    public TranslationWeights Weights { get; }

    /// <summary>The weights as scoring reads them.</summary>
    public PackedTranslation Packed { get; }

    /// <summary>Sentences to translate are cut to so many tokens.</summary>
    public int MaximumLength { get; }

    /// <summary>Which target tokens are scored for a sentence; null for all.</summary>
    public LexicalShortlist? Shortlist { get; }

    /// <summary>How large the model is.</summary>
    public ModelStatistics Statistics { get; }

    /// <summary>Tells this model from others, by vocabularies and weights.</summary>
    public ulong Fingerprint() => DataFingerprint.Of(
        file => TranslationHeader.WriteVocabularies(file, this), file => WeightFileWriter.Write(file, Weights, Weights.Precision));

    /// <summary>The model with its weights rounded to a precision; the model itself where it has it.</summary>
    /// <exception cref="InvalidDataException">A weight is too large for the precision.</exception>
    public TranslationModel At(WeightPrecision precision)
    {
        if (Weights.Precision == precision)
            return this;
        // Through the file, so that the model scores the same before and after it is saved.
        using var file = new MemoryStream();
        WeightFileWriter.Write(file, Weights, precision);
        file.Position = 0;
        return new TranslationModel(Source, Target, WeightFileReader.ReadTranslation(file), MaximumLength, Statistics.RecurrentParameters, Statistics.Parameters, Shortlist);
    }

    /// <summary>The model with another shortlist, or none; the packed weights are shared.</summary>
    public TranslationModel With(LexicalShortlist? shortlist) => new(this, shortlist);
}
