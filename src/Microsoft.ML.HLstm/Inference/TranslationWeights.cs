namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// The weights of an encoder-decoder network with Luong's general attention.
/// <code>
/// encoder   layer l reads the embeddings (l = 0) or the outputs of layer l-1; a bidirectional layer puts out
///           [forward; backward], and so does its final state
/// bridge    h_d = tanh(BridgeHidden[d] hFinal_e)   c_d = BridgeCell[d] cFinal_e   e = min(d, encoder layers - 1)
/// attention score_s = h_top' AttentionScore m_s    context = sum_s softmax(score)_s m_s
///           v = tanh(AttentionCombine [context; h_top])
/// output    log softmax(OutputProjection v)
/// </code>
/// The source is its tokens followed by <see cref="SpecialTokens.End"/>; decoding starts from <see cref="SpecialTokens.Begin"/>.
/// </summary>
internal sealed record TranslationWeights
{
    /// <summary>[source vocabulary, E].</summary>
    public required WeightMatrix SourceEmbedding { get; init; }

    /// <summary>[target vocabulary, E].</summary>
    public required WeightMatrix TargetEmbedding { get; init; }

    /// <summary>Encoder cells that read from the first token to the last, one a layer.</summary>
    public required CellWeights[] EncoderForward { get; init; }

    /// <summary>Encoder cells that read from the last token to the first, one a layer; empty when unidirectional.</summary>
    public required CellWeights[] EncoderBackward { get; init; }

    /// <summary>For each decoder layer, from an encoder layer's final h to the initial h (before its tanh).</summary>
    public required DenseLayer[] BridgeHidden { get; init; }

    /// <summary>For each decoder layer, from an encoder layer's final c to the initial c.</summary>
    public required DenseLayer[] BridgeCell { get; init; }

    /// <summary>Decoder cells, one a layer.</summary>
    public required CellWeights[] Decoder { get; init; }

    /// <summary>[H, C]: H is the state of the top decoder layer, C is <see cref="MemorySize"/>.</summary>
    public required WeightMatrix AttentionScore { get; init; }

    /// <summary>[A, C + H], reads [context; h_top].</summary>
    public required DenseLayer AttentionCombine { get; init; }

    /// <summary>[target vocabulary, A]. Its matrix may be <see cref="TargetEmbedding"/> itself, the same object.</summary>
    public required DenseLayer OutputProjection { get; init; }

    /// <summary>True where the first decoder layer reads [embedding; previous v], false where the embedding alone.</summary>
    public required bool InputFeeding { get; init; }

    /// <summary>True where the output projection is the target embedding, one matrix stored and counted once.</summary>
    public bool TiedOutput => ReferenceEquals(OutputProjection.Weight, TargetEmbedding);

    /// <summary>How the matrices are kept, all alike.</summary>
    public WeightPrecision Precision => SourceEmbedding.Precision;

    /// <summary>True where the encoder reads in both directions.</summary>
    public bool Bidirectional => EncoderBackward.Length > 0;

    /// <summary>C: width of the encoder's outputs.</summary>
    public int MemorySize => EncoderOutputSize(EncoderForward.Length - 1);

    /// <summary>A: width of the attentional vector v.</summary>
    public int AttentionSize => AttentionCombine.OutputSize;

    /// <summary>All cells: encoder forward, encoder backward, decoder.</summary>
    public IEnumerable<CellWeights> Cells => [.. EncoderForward, .. EncoderBackward, .. Decoder];

    /// <summary>Width of what encoder layer <paramref name="layer"/> puts out, and of its final state.</summary>
    public int EncoderOutputSize(int layer) =>
        EncoderForward[layer].StateSize + (Bidirectional ? EncoderBackward[layer].StateSize : 0);

    /// <summary>The encoder layer whose final state starts <paramref name="decoderLayer"/>.</summary>
    public int BridgeSource(int decoderLayer) => Math.Min(decoderLayer, EncoderForward.Length - 1);
}
