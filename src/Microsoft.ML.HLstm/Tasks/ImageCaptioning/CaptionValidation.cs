using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Metrics.Captions;

namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>
/// Validates a network by its captions, made by the managed code that will score, as it will score: what is chosen is what is
/// deployed. All captions of a picture are its references. The metric is that of evaluating the same pictures.
/// </summary>
/// <param name="images">The pictures and their captions.</param>
/// <param name="model">The model that weights make.</param>
/// <param name="options">How captions are searched for.</param>
internal sealed class CaptionValidation(CaptionedImages images, Func<CaptionWeights, CaptionModel> model, ImageCaptioningOptions options)
{
    private const int Together = 64;
    private readonly DecodingOptions _decoding = options.Decoding with { Threads = 1, Alternatives = 1 };
    private readonly float[][] _features = [.. images.ByImage().Select(image => image.Key)];
    private readonly string[][] _references = [.. images.ByImage().Select(image => image.Select(caption => caption.Text).ToArray())];

    /// <summary>Name of the metric, which is given times 100 as papers do: 1,000 at most.</summary>
    public const string MetricName = "CIDEr-D";

    /// <summary>The metric of the given weights.</summary>
    public double Metric(CaptionWeights weights, CancellationToken cancellationToken)
    {
        CaptionModel scored = model(weights);
        var captions = new string[_features.Length];
        int[][] batches = [.. Enumerable.Range(0, captions.Length).Chunk(Together)];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads ?? Environment.ProcessorCount, CancellationToken = cancellationToken };
        Parallel.For(0, batches.Length, parallel, () => new ImageCaptioner(scored, _decoding), (batch, _, captioner) =>
        {
            int[] rows = batches[batch];
            var found = captioner.CaptionAll([.. rows.Select(row => _features[row])]);
            for (int i = 0; i < rows.Length; i++)
                captions[rows[i]] = found[i][0].Text;
            return captioner;
        }, _ => { });
        var scoring = new CaptionScoring();
        for (int image = 0; image < captions.Length; image++)
            scoring.Add(captions[image], _references[image]);
        return 100 * scoring.Compute().CiderD;
    }
}
