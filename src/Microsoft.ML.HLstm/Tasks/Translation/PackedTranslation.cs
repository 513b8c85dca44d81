using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>
/// A translation network packed for scoring. Never changes: one is shared by the scorers of all threads, which keep only
/// their own working memory.
/// </summary>
internal sealed class PackedTranslation
{
    /// <summary>Checks and packs the weights.</summary>
    /// <exception cref="InvalidDataException">The shapes do not fit each other.</exception>
    public PackedTranslation(TranslationWeights weights)
    {
        weights.Validate();
        Weights = weights;
        EncoderForward = Pack(weights.EncoderForward, sequences: true);
        EncoderBackward = Pack(weights.EncoderBackward, sequences: true);
        Decoder = Pack(weights.Decoder, sequences: false);
        BridgeHidden = Pack(weights.BridgeHidden);
        BridgeCell = Pack(weights.BridgeCell);
        Attention = new AttentionScorer(weights.AttentionScore, weights.AttentionCombine);
        OutputProjection = new PackedLayer(weights.OutputProjection);
        double alone = DecodingCost(1);
        SideBySideFrom = Enumerable.Range(2, Lanes.Most - 1).FirstOrDefault(n => DecodingCost(Lanes.For(n)) < n * alone, int.MaxValue);
    }

    /// <summary>The plain weights: embeddings are looked up there.</summary>
    public TranslationWeights Weights { get; }

    /// <summary>Encoder cells from the first token to the last, one a layer.</summary>
    public HLstmCellScorer[] EncoderForward { get; }

    /// <summary>Encoder cells from the last token to the first, one a layer; none when unidirectional.</summary>
    public HLstmCellScorer[] EncoderBackward { get; }

    /// <summary>Decoder cells, one a layer.</summary>
    public HLstmCellScorer[] Decoder { get; }

    /// <summary>Bridges of the hidden state, one a decoder layer.</summary>
    public PackedLayer[] BridgeHidden { get; }

    /// <summary>Bridges of the cell state, one a decoder layer.</summary>
    public PackedLayer[] BridgeCell { get; }

    /// <summary>The attention.</summary>
    public AttentionScorer Attention { get; }

    /// <summary>From the attentional vector to a score for each target token.</summary>
    public PackedLayer OutputProjection { get; }

    /// <summary>
    /// From so many hypotheses on, a decoding step computes them side by side: from two where matrices are dense, later or
    /// never where single vectors have a layout that vectors side by side have not.
    /// </summary>
    public int SideBySideFrom { get; }

    private double DecodingCost(int lanes) => Decoder.Sum(cell => cell.Cost(lanes)) + OutputProjection.Cost(lanes);

    private static HLstmCellScorer[] Pack(CellWeights[] cells, bool sequences) => [.. cells.Select(cell => new HLstmCellScorer(cell, sequences))];

    private static PackedLayer[] Pack(DenseLayer[] layers) => [.. layers.Select(layer => new PackedLayer(layer))];
}
