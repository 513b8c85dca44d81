using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>
/// A translation network packed for scoring. Never changes: one is shared by the scorers of all threads, which keep only
/// their own working memory.
/// </summary>
internal sealed class PackedTranslation
{
    /// <summary>Checks and packs the weights.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="shortlisted">True where some target tokens of a sentence are scored only.</param>
    /// <exception cref="InvalidDataException">The shapes do not fit each other.</exception>
    public PackedTranslation(TranslationWeights weights, bool shortlisted = false)
    {
        weights.Validate();
        Weights = weights;
        EncoderForward = Pack(weights.EncoderForward, sequences: true);
        EncoderBackward = Pack(weights.EncoderBackward, sequences: true);
        BridgeHidden = Pack(weights.BridgeHidden);
        BridgeCell = Pack(weights.BridgeCell);
        Decoder = new PackedDecoder(weights.TargetEmbedding, weights.Decoder,
            new AttentionScorer(weights.AttentionScore, weights.AttentionCombine), weights.InputFeeding, weights.OutputProjection, shortlisted);
    }

    /// <summary>The plain weights: embeddings are looked up there.</summary>
    public TranslationWeights Weights { get; }

    /// <summary>Encoder cells from the first token to the last, one a layer.</summary>
    public HLstmCellScorer[] EncoderForward { get; }

    /// <summary>Encoder cells from the last token to the first, one a layer; none when unidirectional.</summary>
    public HLstmCellScorer[] EncoderBackward { get; }

    /// <summary>Bridges of the hidden state, one a decoder layer.</summary>
    public PackedLayer[] BridgeHidden { get; }

    /// <summary>Bridges of the cell state, one a decoder layer.</summary>
    public PackedLayer[] BridgeCell { get; }

    /// <summary>From the target embedding to a score for each target token.</summary>
    public PackedDecoder Decoder { get; }

    private static HLstmCellScorer[] Pack(CellWeights[] cells, bool sequences) => [.. cells.Select(cell => new HLstmCellScorer(cell, sequences))];

    private static PackedLayer[] Pack(DenseLayer[] layers) => [.. layers.Select(layer => new PackedLayer(layer))];
}
