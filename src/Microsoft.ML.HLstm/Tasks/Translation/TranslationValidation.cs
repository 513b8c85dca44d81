using Microsoft.ML.HLstm.Featurizers;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>
/// Validates a network by corpus BLEU of its greedy translations, made by the managed code that will score: what is
/// chosen is what is deployed.
/// </summary>
internal sealed class TranslationValidation(IReadOnlyList<SentencePair> pairs, IReadOnlyList<string> references,
    TextVocabulary target, bool lowerCase, int threads)
{
    private static readonly BeamSearchOptions _greedy = new() { BeamWidth = 1 };

    /// <summary>BLEU of the given weights.</summary>
    public double Bleu(TranslationWeights weights, CancellationToken cancellationToken)
    {
        var packed = new PackedTranslation(weights);
        var translations = new string[pairs.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, pairs.Count, options, () => new TranslationScorer(packed), (i, _, scorer) =>
        {
            BeamHypothesis best = scorer.Translate(pairs[i].Source.AsSpan(..^1), _greedy)[0];
            translations[i] = target.Decode(best.Tokens, _ => "");
            return scorer;
        }, _ => { });
        return Metrics.Bleu.Corpus(translations, references, lowerCase).Score;
    }
}
