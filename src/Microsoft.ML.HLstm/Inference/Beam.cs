namespace Microsoft.ML.HLstm.Inference;

/// <summary>The beam of one source: hypotheses on their way, all equally long, and those that have ended.</summary>
internal sealed class Beam
{
    private readonly List<BeamHypothesis> _finished = [];
    private Hypothesis[] _live, _next;

    /// <summary>Makes a beam of a width.</summary>
    public Beam(int width)
    {
        _live = new Hypothesis[width];
        _next = new Hypothesis[width];
        // An end token takes a place of a candidate but not of the beam, and each hypothesis has one.
        Candidates = new BeamCandidates(2 * width);
    }

    /// <summary>Hypotheses that go on.</summary>
    public ReadOnlySpan<Hypothesis> Live => _live.AsSpan(0, Count);

    /// <summary>Number of <see cref="Live"/>.</summary>
    public int Count { get; private set; }

    /// <summary>Where the hypotheses begin among those of all sources in the present step.</summary>
    public int First { get; set; }

    /// <summary>The best continuations of the present step.</summary>
    public BeamCandidates Candidates { get; }

    /// <summary>Goes back to the hypothesis of no tokens.</summary>
    public void Start(int source)
    {
        _finished.Clear();
        _live[0] = new Hypothesis(BeamTree.Root, SpecialTokens.Begin, 0, source);
        Count = 1;
    }

    /// <summary>The results, best first.</summary>
    public BeamHypothesis[] Results(BeamSearchOptions options) => [.. _finished.Take(options.ResultCount)];

    /// <summary>Continues with the best candidates.</summary>
    /// <param name="tree">The nodes of the search.</param>
    /// <param name="attended">For the hypotheses of all sources in the step.</param>
    /// <param name="length">Of the hypotheses, before they are continued.</param>
    /// <param name="options">What is searched for.</param>
    public void Advance(BeamTree tree, ReadOnlySpan<int> attended, int length, BeamSearchOptions options)
    {
        int count = 0;
        ReadOnlySpan<BeamCandidate> candidates = Candidates.Best;
        for (int rank = 0; rank < candidates.Length && count < options.BeamWidth; rank++)
        {
            BeamCandidate candidate = candidates[rank];
            int node = _live[candidate.Parent].Node, parent = First + candidate.Parent;
            if (candidate.Token != SpecialTokens.End)
                _next[count++] = new Hypothesis(tree.Add(node, candidate.Token, attended[parent]), candidate.Token, candidate.LogProbability, parent);
            else if (rank < options.BeamWidth)
                Finish(tree.End(node, length, candidate.LogProbability, options));
        }

        (_live, _next) = (_next, _live);
        Count = IsDecided(count, options) ? 0 : count;
    }

    /// <summary>Keeps results in order; among equals the one found first, which is the shorter one, stays ahead.</summary>
    private void Finish(BeamHypothesis hypothesis)
    {
        int place = _finished.Count;
        while (place > 0 && hypothesis.Score > _finished[place - 1].Score)
            place--;
        _finished.Insert(place, hypothesis);
    }

    /// <summary>
    /// True once as many sequences as the beam is wide have ended, or none of those still going can become one of the results:
    /// their log-probability only falls, and is at best divided by the penalty of the greatest length.
    /// </summary>
    private bool IsDecided(int count, BeamSearchOptions options)
    {
        if (count == 0 || _finished.Count < options.ResultCount)
            return false;
        double reachable = _live[0].LogProbability / options.LengthPenalty(options.MaximumLength + 1);
        return _finished.Count >= options.BeamWidth || _finished[options.ResultCount - 1].Score >= reachable;
    }

    /// <summary>A hypothesis on its way.</summary>
    /// <param name="Node">Its tokens.</param>
    /// <param name="Token">The last of them.</param>
    /// <param name="LogProbability">Of all tokens together; double, so that long sums stay comparable.</param>
    /// <param name="Parent">The hypothesis of the step before, among those of all sources, that it continues.</param>
    internal readonly record struct Hypothesis(int Node, int Token, double LogProbability, int Parent);
}
