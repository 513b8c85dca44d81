using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>
/// A captioning network packed for scoring. Never changes: one is shared by the scorers of all threads, which keep only their
/// own working memory.
/// </summary>
internal sealed class PackedCaptioner
{
    /// <summary>Checks and packs the weights.</summary>
    /// <exception cref="InvalidDataException">The shapes do not fit each other.</exception>
    public PackedCaptioner(CaptionWeights weights)
    {
        weights.Validate();
        FeatureProjection = new PackedLayer(weights.FeatureProjection);
        Decoder = new PackedDecoder(weights.Embedding, weights.Decoder,
            weights.HasAttention ? new AttentionScorer(weights.AttentionScore!, weights.AttentionCombine!) : null,
            weights.HasAttention, weights.OutputProjection);
    }

    /// <summary>From the features of a region to what the decoder reads first.</summary>
    public PackedLayer FeatureProjection { get; }

    /// <summary>From the embedding to a score for each word.</summary>
    public PackedDecoder Decoder { get; }

    /// <summary>True where the decoder attends to the regions of a grid.</summary>
    public bool HasAttention => Decoder.Attention is not null;
}
