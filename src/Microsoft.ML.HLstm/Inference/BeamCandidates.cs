using System.Numerics;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>The best few continuations of a step, best first, found without sorting the vocabulary.</summary>
internal sealed class BeamCandidates(int capacity)
{
    private readonly BeamCandidate[] _best = new BeamCandidate[capacity];
    private int _count;

    /// <summary>What has been kept, best first.</summary>
    public ReadOnlySpan<BeamCandidate> Best => _best.AsSpan(0, _count);

    /// <summary>Forgets everything.</summary>
    public void Clear() => _count = 0;

    /// <summary>Offers every continuation of one hypothesis that is not impossible.</summary>
    /// <param name="parent">Index of the hypothesis.</param>
    /// <param name="logProbability">Of the hypothesis.</param>
    /// <param name="next">Log-probability of each token to follow.</param>
    public void Offer(int parent, double logProbability, ReadOnlySpan<float> next)
    {
        // Whole vectors below the worst candidate are passed over: after the first few tokens almost all of them are.
        int token = 0;
        float worst = Worst(logProbability);
        for (; token <= next.Length - Vector<float>.Count; token += Vector<float>.Count)
        {
            if (!Vector.GreaterThanAny(new Vector<float>(next[token..]), new Vector<float>(worst)))
                continue;
            for (int lane = token; lane < token + Vector<float>.Count; lane++)
                Offer(parent, lane, logProbability, next[lane]);
            worst = Worst(logProbability);
        }

        for (; token < next.Length; token++)
            Offer(parent, token, logProbability, next[token]);
    }

    /// <summary>Offers one continuation.</summary>
    public void Offer(int parent, int token, double logProbability, float next)
    {
        // Written so that a NaN is refused, too.
        if (!(next > float.NegativeInfinity))
            return;
        var candidate = new BeamCandidate(logProbability + next, token, parent);
        if (_count == _best.Length)
        {
            if (!candidate.IsBetterThan(_best[^1]))
                return;
            _count--;
        }

        int place = _count++;
        for (; place > 0 && candidate.IsBetterThan(_best[place - 1]); place--)
            _best[place] = _best[place - 1];
        _best[place] = candidate;
    }

    /// <summary>What a token must exceed to be worth a look; a little low, because ties and rounding are settled later.</summary>
    private float Worst(double logProbability)
    {
        if (_count < _best.Length)
            return float.NegativeInfinity;
        float needed = (float)(_best[^1].LogProbability - logProbability);
        return MathF.BitDecrement(MathF.BitDecrement(needed));
    }
}
