namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// The weights of a speech recogniser in the manner of DeepSpeech 2 (arXiv 1512.02595).
/// <code>
/// convolutions   frames [T, F] as one channel; layer by layer, shrinking T and F
/// features       of frame t: channel by channel its bins, [channels x bins]
/// recurrent      layer l reads the features (l = 0) or Normalizations[l-1] of what layer l-1 puts out;
///                directions are summed or put behind each other, forward first
/// output         log softmax(Output Normalizations[L-1](top))
/// </code>
/// </summary>
internal sealed record SpeechWeights
{
    /// <summary>F: numbers of a frame.</summary>
    public required int FrameWidth { get; init; }

    /// <summary>From the frames on; at least one.</summary>
    public required ConvolutionWeights[] Convolutions { get; init; }

    /// <summary>Cells that read from the first frame to the last, one a layer.</summary>
    public required CellWeights[] Forward { get; init; }

    /// <summary>Cells that read from the last frame to the first, one a layer; empty when unidirectional.</summary>
    public required CellWeights[] Backward { get; init; }

    /// <summary>True where the two directions are summed, false where the backward one follows the forward one.</summary>
    public required bool SumDirections { get; init; }

    /// <summary>Of what each recurrent layer puts out, one a layer.</summary>
    public required Normalization[] Normalizations { get; init; }

    /// <summary>[labels, width of the top layer].</summary>
    public required DenseLayer Output { get; init; }

    /// <summary>How the matrices are kept, all alike.</summary>
    public WeightPrecision Precision => Output.Weight.Precision;

    /// <summary>True where frames are read in both directions.</summary>
    public bool Bidirectional => Backward.Length > 0;

    /// <summary>All cells: forward, backward.</summary>
    public IEnumerable<CellWeights> Cells => [.. Forward, .. Backward];

    /// <summary>Width of what recurrent layer <paramref name="layer"/> puts out.</summary>
    public int LayerWidth(int layer) => Forward[layer].StateSize + (Bidirectional && !SumDirections ? Backward[layer].StateSize : 0);
}
