namespace Microsoft.ML.HLstm.Inference;

/// <summary>The best few continuations of a step, best first.</summary>
internal sealed class BeamCandidates(int capacity)
{
    private readonly BeamCandidate[] _best = new BeamCandidate[capacity];
    private int _count;

    /// <summary>What has been kept, best first.</summary>
    public ReadOnlySpan<BeamCandidate> Best => _best.AsSpan(0, _count);

    /// <summary>Forgets everything.</summary>
    public void Clear() => _count = 0;

    /// <summary>Offers one continuation; true if it has been kept.</summary>
    public bool Offer(int parent, int token, double logProbability, float next)
    {
        // Written so that a NaN is refused, too.
        if (!(next > float.NegativeInfinity))
            return false;
        var candidate = new BeamCandidate(logProbability + next, token, parent);
        if (_count == _best.Length)
        {
            if (!candidate.IsBetterThan(_best[^1]))
                return false;
            _count--;
        }

        int place = _count++;
        for (; place > 0 && candidate.IsBetterThan(_best[place - 1]); place--)
            _best[place] = _best[place - 1];
        _best[place] = candidate;
        return true;
    }

    /// <summary>
    /// What the score of a token must exceed to be worth a look; a little low, because ties and rounding are settled by
    /// <see cref="Offer"/>.
    /// </summary>
    /// <param name="logProbability">Of the hypothesis that is continued.</param>
    /// <param name="normalizer">What is subtracted from its scores.</param>
    public float Threshold(double logProbability, float normalizer)
    {
        if (_count < _best.Length)
            return float.NegativeInfinity;
        double needed = _best[^1].LogProbability - logProbability;
        return (float)(needed + normalizer - (1e-6 * (Math.Abs(needed) + Math.Abs(normalizer))));
    }
}
