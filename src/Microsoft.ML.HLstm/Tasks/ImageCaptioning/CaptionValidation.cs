using Microsoft.ML.HLstm.Featurizers;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Metrics.Captions;

namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>
/// Validates a network by its greedy captions, made by the managed code that will score: what is chosen is what is deployed.
/// All captions of a picture are its references. The metric is that of evaluating the same pictures, but for greedy search.
/// </summary>
internal sealed class CaptionValidation(CaptionedImages images, TextVocabulary vocabulary, int maximumLength, int threads)
{
    private const int Together = 64;
    private readonly BeamSearchOptions _greedy = new() { BeamWidth = 1, MaximumLength = maximumLength, AllowUnknown = false };
    private readonly ReadOnlyMemory<float>[] _features = [.. images.ByImage().Select(image => image.Key.AsMemory())];
    private readonly string[][] _references = [.. images.ByImage().Select(image => image.Select(caption => caption.Text).ToArray())];

    /// <summary>Name of the metric, which is given times 100 as papers do: 1,000 at most.</summary>
    public const string MetricName = "CIDEr-D";

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
        var scoring = new CaptionScoring();
        for (int image = 0; image < captions.Length; image++)
            scoring.Add(captions[image], _references[image]);
        return 100 * scoring.Compute().CiderD;
    }
}
