namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// The weights of a captioning network in the manner of NeuralTalk, with or without Luong's general attention over a grid.
/// <code>
/// picture   m_r = FeatureProjection f_r   one for each region r; a vector of features is one region
/// input     mean_r m_r first, then the embedding of <see cref="SpecialTokens.Begin"/> and of the words; h and c start at 0
/// attention score_r = h_top' AttentionScore m_r    context = sum_r softmax(score)_r m_r
///           v = tanh(AttentionCombine [context; h_top]); the first layer reads [input; previous v]
/// output    log softmax(OutputProjection v), of h_top without attention
/// </code>
/// </summary>
internal sealed record CaptionWeights
{
    /// <summary>[E, F]: from the features of a region.</summary>
    public required DenseLayer FeatureProjection { get; init; }

    /// <summary>[vocabulary, E].</summary>
    public required WeightMatrix Embedding { get; init; }

    /// <summary>Decoder cells, one a layer.</summary>
    public required CellWeights[] Decoder { get; init; }

    /// <summary>[H, E]: H is the state of the top layer. Null without attention.</summary>
    public WeightMatrix? AttentionScore { get; init; }

    /// <summary>[A, E + H], reads [context; h_top]. Null without attention.</summary>
    public DenseLayer? AttentionCombine { get; init; }

    /// <summary>[vocabulary, A], or [vocabulary, H] without attention. Its matrix may be <see cref="Embedding"/> itself, the same object.</summary>
    public required DenseLayer OutputProjection { get; init; }

    /// <summary>True where the decoder attends to the regions of a grid.</summary>
    public bool HasAttention => AttentionScore is not null;

    /// <summary>True where the output projection is the embedding, one matrix stored and counted once.</summary>
    public bool TiedOutput => ReferenceEquals(OutputProjection.Weight, Embedding);

    /// <summary>How the matrices are kept, all alike.</summary>
    public WeightPrecision Precision => Embedding.Precision;

    /// <summary>F: features of a region.</summary>
    public int FeatureSize => FeatureProjection.InputSize;
}
