using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>From features to text. Holds working memory: each thread needs its own; the model is shared.</summary>
internal sealed class ImageCaptioner(CaptionModel model, DecodingOptions decoding)
{
    private readonly CaptionScorer _scorer = new(model.Packed);
    private readonly BeamSearchOptions _search = new()
    {
        BeamWidth = decoding.BeamWidth,
        LengthNormalization = decoding.LengthNormalization,
        MaximumLength = decoding.MaximumLength,
        NoRepeatNgramSize = decoding.NoRepeatNgramSize,
        ResultCount = Math.Min(decoding.Alternatives, decoding.BeamWidth),
        AllowUnknown = false,
    };

    /// <summary>For each picture the captions found, best first, with their log-probabilities; equal pictures are captioned once.</summary>
    public IReadOnlyList<(string Text, float LogProbability)>[] CaptionAll(IReadOnlyList<float[]> images)
    {
        var distinct = new Dictionary<float[], int>(FeatureComparer.Instance);
        foreach (float[] image in images)
            distinct.TryAdd(image, distinct.Count);
        IReadOnlyList<BeamHypothesis>[] found = _scorer.CaptionAll([.. distinct.Keys.Select(image => (ReadOnlyMemory<float>)image)], _search);
        IReadOnlyList<(string, float)>[] texts = [.. found.Select(captions => captions
            .Select(caption => (model.Vocabulary.Decode(caption.Tokens), (float)caption.LogProbability)).ToArray())];
        return [.. images.Select(image => texts[distinct[image]])];
    }
}
