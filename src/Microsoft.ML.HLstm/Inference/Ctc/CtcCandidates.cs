namespace Microsoft.ML.HLstm.Inference.Ctc;

/// <summary>The best candidates of a frame. A heap with the worst on top, so that a new one costs the logarithm of their number.</summary>
internal sealed class CtcCandidates
{
    private CtcCandidate[] _heap = [];
    private int _capacity;
    private int _count;
    private double _best;
    private double _threshold;

    /// <summary>The score that a candidate must reach to be worth a look.</summary>
    public double Needed { get; private set; }

    /// <summary>Forgets everything.</summary>
    /// <param name="capacity">How many to keep.</param>
    /// <param name="threshold">How far below the best one a score may lie.</param>
    public void Clear(int capacity, double threshold)
    {
        if (_heap.Length < capacity)
            _heap = new CtcCandidate[capacity];
        (_capacity, _count, _threshold, _best, Needed) = (capacity, 0, threshold, double.NegativeInfinity, double.MinValue);
    }

    /// <summary>Offers a candidate.</summary>
    public void Offer(in CtcCandidate candidate)
    {
        // What has no probability is refused here, too.
        if (!(candidate.Score >= Needed))
            return;
        if (_count == _capacity)
        {
            if (candidate.CompareTo(_heap[0]) > 0)
                return;
            Sink(candidate);
        }
        else
        {
            Rise(candidate);
        }

        _best = Math.Max(_best, candidate.Score);
        Needed = Math.Max(Math.Max(Needed, _best - _threshold), _count == _capacity ? _heap[0].Score : double.MinValue);
    }

    /// <summary>What was kept, best first; the order of the heap is lost.</summary>
    public ReadOnlySpan<CtcCandidate> Sorted()
    {
        Span<CtcCandidate> kept = _heap.AsSpan(0, _count);
        kept.Sort();
        // Early ones were kept before the best was known.
        int count = kept.Length;
        while (count > 0 && kept[count - 1].Score < _best - _threshold)
            count--;
        return kept[..count];
    }

    private void Rise(in CtcCandidate candidate)
    {
        int place = _count++;
        while (place > 0 && candidate.CompareTo(_heap[(place - 1) / 2]) > 0)
        {
            _heap[place] = _heap[(place - 1) / 2];
            place = (place - 1) / 2;
        }

        _heap[place] = candidate;
    }

    private void Sink(in CtcCandidate candidate)
    {
        int place = 0;
        for (int child = 1; child < _count; child = (2 * place) + 1)
        {
            if (child + 1 < _count && _heap[child + 1].CompareTo(_heap[child]) > 0)
                child++;
            if (candidate.CompareTo(_heap[child]) >= 0)
                break;
            _heap[place] = _heap[child];
            place = child;
        }

        _heap[place] = candidate;
    }
}
