namespace Microsoft.ML.HLstm.Inference;

/// <summary>What follows some hypotheses of a step, one in each of the first <see cref="Count"/> <see cref="Lanes"/>.</summary>
internal readonly ref struct StepScores
{
    /// <summary>The hypothesis in the first lane.</summary>
    public required int First { get; init; }

    /// <summary>Hypotheses.</summary>
    public required int Count { get; init; }

    /// <summary>Lanes of <see cref="Scores"/>; what is in the further ones means nothing.</summary>
    public required int Lanes { get; init; }

    /// <summary>
    /// The tokens that have a score, ascending, the special ones first; empty where the whole vocabulary has.
    /// </summary>
    public ReadOnlySpan<int> Tokens { get; init; }

    /// <summary>[tokens, lanes] scores, up to a constant of the lane the logarithms of probabilities. May be written to.</summary>
    public required Span<float> Scores { get; init; }

    /// <summary>[count]: a score less this is the logarithm of the token's probability.</summary>
    public required ReadOnlySpan<float> Normalizers { get; init; }

    /// <summary>[count]: the source position that the next token attends to most, or -1.</summary>
    public required ReadOnlySpan<int> Attended { get; init; }

    /// <summary>The natural logarithm of the probability that a token follows; it must be one that has a score.</summary>
    public float LogProbability(int lane, int token) => LogProbabilityAt((PlaceOf(token) * Lanes) + lane);

    /// <summary>The same by the place of the score in <see cref="Scores"/>.</summary>
    public float LogProbabilityAt(int at) => Scores[at] - Normalizers[at % Lanes];

    /// <summary>The token that a place in <see cref="Scores"/> belongs to.</summary>
    public int TokenAt(int at) => Tokens.IsEmpty ? at / Lanes : Tokens[at / Lanes];

    /// <summary>Makes a token impossible; the probabilities of the others stay as they are.</summary>
    public void Ban(int lane, int token)
    {
        if (PlaceOf(token) is var place && place >= 0)
            Scores[(place * Lanes) + lane] = float.NegativeInfinity;
    }

    private int PlaceOf(int token) => Tokens.IsEmpty ? token : Tokens.BinarySearch(token);
}
