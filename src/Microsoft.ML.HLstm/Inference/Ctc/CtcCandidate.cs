namespace Microsoft.ML.HLstm.Inference.Ctc;

/// <summary>What may be in the beam after a frame: a prefix of the beam before it, or its continuation by a label.</summary>
/// <param name="Score">Log-probability and what the objective adds.</param>
/// <param name="Place">Place of the prefix in the beam before the frame.</param>
/// <param name="Label">The label that continues it; -1 where it stays as it is.</param>
/// <param name="LogProbability">Of all its paths.</param>
/// <param name="Bonus">What the objective adds to it.</param>
/// <param name="State">What its continuations depend on.</param>
internal readonly record struct CtcCandidate(double Score, int Place, int Label, double LogProbability, double Bonus, CtcState State)
    : IComparable<CtcCandidate>
{
    /// <summary>Better ones first; of equals the lower place, then the lower label.</summary>
    public int CompareTo(CtcCandidate other)
    {
        if (Score != other.Score)
            return Score > other.Score ? -1 : 1;
        return Place != other.Place ? Place.CompareTo(other.Place) : Label.CompareTo(other.Label);
    }
}
