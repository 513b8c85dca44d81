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
    private const int Together = 64;
    private static readonly BeamSearchOptions _greedy = new() { BeamWidth = 1 };
    private readonly int[][] _batches = [.. Enumerable.Range(0, pairs.Count).OrderBy(i => pairs[i].Source.Length).Chunk(Together)];

    /// <summary>BLEU of the given weights.</summary>
    public double Bleu(TranslationWeights weights, CancellationToken cancellationToken)
    {
        var packed = new PackedTranslation(weights);
        var translations = new string[pairs.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, _batches.Length, options, () => new TranslationScorer(packed), (batch, _, scorer) =>
        {
            int[] rows = _batches[batch];
            IReadOnlyList<BeamHypothesis>[] found = scorer.TranslateAll([.. rows.Select(row => (ReadOnlyMemory<int>)pairs[row].Source.AsMemory(..^1))], _greedy);
            for (int i = 0; i < rows.Length; i++)
                translations[rows[i]] = target.Decode(found[i][0].Tokens, _ => "");
            return scorer;
        }, _ => { });
        return Metrics.Bleu.Corpus(translations, references, lowerCase).Score;
    }
}
