namespace Microsoft.ML.HLstm.Inference;

/// <summary>A hypothesis continued by one token.</summary>
/// <param name="LogProbability">Of the whole sequence.</param>
/// <param name="Token">The token that continues it.</param>
/// <param name="Parent">Index of the hypothesis that is continued.</param>
internal readonly record struct BeamCandidate(double LogProbability, int Token, int Parent)
{
    /// <summary>The order of the beam: more probable first; among equals the lower token id, then the lower parent.</summary>
    public bool IsBetterThan(BeamCandidate other)
    {
        if (LogProbability != other.LogProbability)
            return LogProbability > other.LogProbability;
        return Token != other.Token ? Token < other.Token : Parent < other.Parent;
    }
}
