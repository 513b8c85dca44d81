namespace Microsoft.ML.HLstm.Inference;

/// <summary>A hypothesis on its way: its last token, and through <see cref="Parent"/> all before it.</summary>
/// <param name="Parent">The hypothesis this one continues; null at the root, which stands for the begin token.</param>
/// <param name="Token">Token id.</param>
/// <param name="Attended">Source position that the token attended to.</param>
/// <param name="LogProbability">Of all tokens together; double, so that long sums stay comparable.</param>
/// <param name="Length">Tokens after the root.</param>
internal sealed record BeamNode(BeamNode? Parent, int Token, int Attended, double LogProbability, int Length)
{
    /// <summary>The hypothesis of no tokens.</summary>
    public static BeamNode Root { get; } = new(null, SpecialTokens.Begin, -1, 0, 0);

    /// <summary>The result when the end token of log-probability <paramref name="logProbability"/> in total follows.</summary>
    public BeamHypothesis End(double logProbability, BeamSearchOptions options)
    {
        int[] tokens = new int[Length];
        int[] attended = new int[Length];
        for (BeamNode node = this; node.Parent is not null; node = node.Parent)
        {
            tokens[node.Length - 1] = node.Token;
            attended[node.Length - 1] = node.Attended;
        }

        return new BeamHypothesis(tokens, attended, logProbability, logProbability / options.LengthPenalty(Length + 1));
    }

    /// <summary>Gives minus infinity to every token that would complete <paramref name="size"/> tokens already there in a row.</summary>
    public void BanRepeats(int size, Span<float> logProbabilities)
    {
        // The new token's n-1 predecessors are compared with those of each token before, walking back in step.
        for (BeamNode node = this; node.Length >= size; node = node.Parent!)
        {
            BeamNode recent = this;
            BeamNode earlier = node.Parent!;
            int same = 0;
            for (; same < size - 1 && recent.Token == earlier.Token; same++)
            {
                recent = recent.Parent!;
                earlier = earlier.Parent!;
            }

            if (same == size - 1)
                logProbabilities[node.Token] = float.NegativeInfinity;
        }
    }
}
