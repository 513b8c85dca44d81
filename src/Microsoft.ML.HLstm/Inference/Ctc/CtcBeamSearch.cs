namespace Microsoft.ML.HLstm.Inference.Ctc;

/// <summary>
/// Prefix beam search: frame by frame it keeps the transcripts whose objective is best so far, each with the sum over all its
/// paths (A. Hannun et al., arXiv 1408.2873, algorithm 1, with the language model of A. Graves and N. Jaitly, ICML 2014). With a
/// beam that holds every prefix and no pruning the sums are exact. The same input always gives the same output. Holds working
/// memory: one search at a time.
/// </summary>
internal sealed class CtcBeamSearch
{
    private readonly CtcPrefixTree _prefixes = new();
    private readonly CtcCandidates _candidates = new();
    private CtcBeam _beam = new();
    private CtcBeam _next = new();
    private double[] _blanks = [];
    private double[] _repeats = [];
    private bool[] _merged = [];
    private int[] _labels = [];
    private float[] _improbabilities = [];

    /// <summary>Finds the best transcripts.</summary>
    /// <param name="scorer">The objective.</param>
    /// <param name="logProbabilities">[frames, labels].</param>
    /// <returns>
    /// Different transcripts, best first; fewer than asked for where the beam has no more. Where none of them ends with an allowed
    /// word, the best one, whose last word is then not complete; none where no label is possible in some frame.
    /// </returns>
    public IReadOnlyList<CtcResult> Search(CtcScorer scorer, ReadOnlySpan<float> logProbabilities)
    {
        int width = scorer.Options.BeamWidth, count = scorer.Alphabet.Count;
        Prepare(scorer, width, count);
        for (int start = 0; start < logProbabilities.Length; start += count)
        {
            ReadOnlySpan<float> frame = logProbabilities.Slice(start, count);
            _candidates.Clear(width, scorer.Options.PruningThreshold);
            _merged.AsSpan(0, _beam.Count * count).Clear();
            Stay(scorer.Alphabet, frame);
            Merge(scorer.Alphabet, frame);
            for (int place = 0; place < _beam.Count; place++)
            {
                double bonus = _prefixes[_beam.Nodes[place]].Bonus, total = LogSum.Of(_blanks[place], _repeats[place]);
                _candidates.Offer(new CtcCandidate(total + bonus, place, -1, total, bonus, default));
            }

            Extend(scorer, frame, Probable(scorer, frame));
            Advance(width);
        }

        return Results(scorer);
    }

    private void Prepare(CtcScorer scorer, int width, int count)
    {
        if (_blanks.Length < width)
            (_blanks, _repeats) = (new double[width], new double[width]);
        if (_merged.Length < width * count)
            _merged = new bool[width * count];
        if (_labels.Length < count)
            (_labels, _improbabilities) = (new int[count], new float[count]);
        _prefixes.Reset(scorer.Alphabet.Separator, scorer.Begin);
        _beam.Clear(width);
        _beam.Add(0, 0, double.NegativeInfinity, 0);
        _prefixes[0].Place = 0;
    }

    /// <summary>The paths that leave each prefix as it is: they emit a blank, the last label again, or a separator after a separator.</summary>
    private void Stay(CtcAlphabet alphabet, ReadOnlySpan<float> frame)
    {
        for (int place = 0; place < _beam.Count; place++)
        {
            double total = _beam.Total[place];
            int label = _prefixes[_beam.Nodes[place]].Label;
            _blanks[place] = total + frame[alphabet.Blank];
            _repeats[place] = label < 0 ? double.NegativeInfinity : frame[label] + (label == alphabet.Separator ? total : _beam.Label[place]);
        }
    }

    /// <summary>The paths that continue a prefix of the beam to another prefix of the beam.</summary>
    private void Merge(CtcAlphabet alphabet, ReadOnlySpan<float> frame)
    {
        for (int place = 0; place < _beam.Count; place++)
        {
            ref CtcPrefix prefix = ref _prefixes[_beam.Nodes[place]];
            int parent = prefix.Parent < 0 ? -1 : _prefixes[prefix.Parent].Place;
            if (parent < 0)
                continue;
            _merged[(parent * alphabet.Count) + prefix.Label] = true;
            _repeats[place] = LogSum.Of(_repeats[place], Before(parent, prefix.Label) + frame[prefix.Label]);
        }
    }

    private void Extend(CtcScorer scorer, ReadOnlySpan<float> frame, ReadOnlySpan<int> labels)
    {
        for (int place = 0; place < _beam.Count; place++)
        {
            ref CtcPrefix prefix = ref _prefixes[_beam.Nodes[place]];
            double most = _beam.Total[place] + prefix.Bonus + scorer.Most;
            foreach (int label in labels)
            {
                // Labels come most probable first, and the language model can only take away.
                if (!(most + frame[label] >= _candidates.Needed))
                    break;
                if (_merged[(place * scorer.Alphabet.Count) + label] || (label == prefix.Label && label == scorer.Alphabet.Separator))
                    continue;
                double logProbability = Before(place, label) + frame[label];
                if (!(logProbability + prefix.Bonus + scorer.MostFor(label) >= _candidates.Needed)
                    || !scorer.TryExtend(prefix.State, label, out CtcState state, out double added))
                    continue;
                double bonus = prefix.Bonus + added;
                _candidates.Offer(new CtcCandidate(logProbability + bonus, place, label, logProbability, bonus, state));
            }
        }
    }

    /// <summary>The paths to a prefix that a label continues: after the same label only those with a blank between.</summary>
    private double Before(int place, int label) =>
        label == _prefixes[_beam.Nodes[place]].Label ? _beam.Blank[place] : _beam.Total[place];

    private void Advance(int width)
    {
        _next.Clear(width);
        foreach (CtcCandidate candidate in _candidates.Sorted())
        {
            int node = _beam.Nodes[candidate.Place];
            if (candidate.Label < 0)
                _next.Add(node, _blanks[candidate.Place], _repeats[candidate.Place], candidate.LogProbability);
            else
                _next.Add(_prefixes.Child(node, candidate.Label, candidate.Bonus, candidate.State), double.NegativeInfinity, candidate.LogProbability, candidate.LogProbability);
        }

        for (int place = 0; place < _beam.Count; place++)
            _prefixes[_beam.Nodes[place]].Place = -1;
        for (int place = 0; place < _next.Count; place++)
            _prefixes[_next.Nodes[place]].Place = place;
        (_beam, _next) = (_next, _beam);
    }

    /// <summary>The labels that may continue a prefix in a frame, most probable first.</summary>
    private ReadOnlySpan<int> Probable(CtcScorer scorer, ReadOnlySpan<float> frame)
    {
        int count = 0;
        float least = scorer.Options.MinimumProbability > 0 ? (float)Math.Log(scorer.Options.MinimumProbability) : float.MinValue;
        for (int label = 0; label < frame.Length; label++)
        {
            if (label != scorer.Alphabet.Blank && frame[label] >= least)
                (_improbabilities[count], _labels[count++]) = (-frame[label], label);
        }

        _improbabilities.AsSpan(0, count).Sort(_labels.AsSpan(0, count));
        return _labels.AsSpan(0, count);
    }

    private IReadOnlyList<CtcResult> Results(CtcScorer scorer)
    {
        var totals = new Dictionary<int, double>();
        for (int place = 0; place < _beam.Count; place++)
        {
            // A separator at the end separates nothing.
            ref CtcPrefix prefix = ref _prefixes[_beam.Nodes[place]];
            int node = prefix.Label == scorer.Alphabet.Separator && prefix.Parent >= 0 ? prefix.Parent : _beam.Nodes[place];
            totals[node] = LogSum.Of(totals.GetValueOrDefault(node, double.NegativeInfinity), _beam.Total[place]);
        }

        var results = new List<(int Node, double LogProbability, double Score)>();
        foreach ((int node, double total) in totals)
        {
            if (scorer.TryFinish(_prefixes[node].State, out double added))
                results.Add((node, total, total + _prefixes[node].Bonus + added));
        }

        if (results.Count == 0 && _beam.Count > 0)
            return [Incomplete(scorer.Alphabet.Separator)];
        return [.. results.OrderByDescending(result => result.Score).ThenBy(result => result.Node).Take(scorer.Options.Alternatives)
            .Select(result => Result(result.Node, result.LogProbability, result.Score))];
    }

    private CtcResult Result(int node, double logProbability, double score)
    {
        int[] labels = _prefixes.Labels(node);
        return new CtcResult(labels, labels.Length, logProbability, score);
    }

    private CtcResult Incomplete(int separator)
    {
        int node = _beam.Nodes[0];
        CtcResult result = Result(node, _beam.Total[0], _beam.Total[0] + _prefixes[node].Bonus);
        return result with { Complete = Math.Max(0, Array.LastIndexOf(result.Labels, separator)) };
    }
}
