using Microsoft.ML.HLstm.Featurizers;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>A trained translation network with its vocabularies, packed for scoring once and shared by all scorers.</summary>
internal sealed class TranslationModel
{
    /// <summary>Packs the weights.</summary>
    public TranslationModel(TextVocabulary source, TextVocabulary target, TranslationWeights weights, int maximumLength)
    {
        (Source, Target, Weights, MaximumLength) = (source, target, weights, maximumLength);
        Packed = new PackedTranslation(weights);
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
}
