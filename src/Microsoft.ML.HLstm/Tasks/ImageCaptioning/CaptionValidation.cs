using Microsoft.ML.HLstm.Featurizers;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>
/// Validates a network by its greedy captions, made by the managed code that will score: what is chosen is what is deployed.
/// All captions of a picture are its references.
/// </summary>
internal sealed class CaptionValidation(CaptionedImages images, TextVocabulary vocabulary, int maximumLength, int threads)
{
    private const int Together = 64;
    private readonly BeamSearchOptions _greedy = new() { BeamWidth = 1, MaximumLength = maximumLength, AllowUnknown = false };
    private readonly ReadOnlyMemory<float>[] _features = [.. images.ByImage().Select(image => image.Key.AsMemory())];
    private readonly string[][] _references = [.. images.ByImage().Select(image => image.Select(caption => CaptionText.Normalize(caption.Text, vocabulary.LowerCase)).ToArray())];

    /// <summary>Name of the metric.</summary>
    public const string MetricName = "BLEU";

    /// <summary>The metric of the given weights.</summary>
    public double Metric(CaptionWeights weights, CancellationToken cancellationToken)
    {
        var packed = new PackedCaptioner(weights);
        var captions = new string[_features.Length];
        int[][] batches = [.. Enumerable.Range(0, captions.Length).Chunk(Together)];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, batches.Length, options, () => new CaptionScorer(packed), (batch, _, scorer) =>
        {
            int[] rows = batches[batch];
            IReadOnlyList<BeamHypothesis>[] found = scorer.CaptionAll([.. rows.Select(row => _features[row])], _greedy);
            for (int i = 0; i < rows.Length; i++)
                captions[rows[i]] = vocabulary.Decode(found[i][0].Tokens);
            return scorer;
        }, _ => { });
        int most = _references.Max(texts => texts.Length);
        string?[][] sets = [.. Enumerable.Range(0, most).Select(set => _references.Select(texts => set < texts.Length ? texts[set] : null).ToArray())];
        return Metrics.Bleu.Corpus(captions, sets).Score;
    }
}
