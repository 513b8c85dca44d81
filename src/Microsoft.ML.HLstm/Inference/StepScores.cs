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

    /// <summary>[vocabulary, lanes] scores, up to a constant of the lane the logarithms of probabilities. May be written to.</summary>
    public required Span<float> Scores { get; init; }

    /// <summary>[count]: a score less this is the logarithm of the token's probability.</summary>
    public required ReadOnlySpan<float> Normalizers { get; init; }

    /// <summary>[count]: the source position that the next token attends to most, or -1.</summary>
    public required ReadOnlySpan<int> Attended { get; init; }

    /// <summary>The natural logarithm of the probability that a token follows.</summary>
    public float LogProbability(int lane, int token) => Scores[(token * Lanes) + lane] - Normalizers[lane];

    /// <summary>Makes a token impossible; the probabilities of the others stay as they are.</summary>
    public void Ban(int lane, int token) => Scores[(token * Lanes) + lane] = float.NegativeInfinity;
}
