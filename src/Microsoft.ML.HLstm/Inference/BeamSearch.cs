namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// Finds probable sequences of an <see cref="IStepModel"/>. Each step keeps the <see cref="BeamSearchOptions.BeamWidth"/> best
/// continuations; one that ends is a result if it is among that many best of the step. Ties go to the lower token id, so a
/// search gives the same results every time. Holds working memory: one search at a time.
/// </summary>
internal sealed class BeamSearch
{
    private readonly List<BeamNode> _live = [];
    private readonly List<BeamNode> _next = [];
    private readonly List<BeamHypothesis> _finished = [];
    private float[] _logProbabilities = [];
    private int[] _parents = [];
    private int[] _tokens = [];
    private int[] _attended = [];

    /// <summary>
    /// Searches from the start of the model's sequence. A sequence that reaches the maximum length is ended there, its end
    /// token scored like any other.
    /// </summary>
    /// <returns>
    /// At most <see cref="BeamSearchOptions.ResultCount"/> different sequences, best <see cref="BeamHypothesis.Score"/> first;
    /// fewer where the model has no more, none where it gives no sequence a probability.
    /// </returns>
    public IReadOnlyList<BeamHypothesis> Search(IStepModel model, BeamSearchOptions options)
    {
        options.Validate();
        Prepare(model, options);
        // An end token takes a place of a candidate but not of the beam, and each hypothesis has one.
        var candidates = new BeamCandidates(2 * options.BeamWidth);
        for (int length = 0; _live.Count > 0; length++)
        {
            model.Step(
                _parents.AsSpan(0, _live.Count),
                _tokens.AsSpan(0, _live.Count),
                _logProbabilities.AsSpan(0, _live.Count * model.VocabularySize),
                _attended.AsSpan(0, _live.Count));
            Collect(candidates, model.VocabularySize, options, endOnly: length == options.MaximumLength);
            Advance(candidates.Best, options);
            if (IsDecided(options))
                break;
        }

        return [.. _finished.Take(options.ResultCount)];
    }

    private void Prepare(IStepModel model, BeamSearchOptions options)
    {
        if (_parents.Length < options.BeamWidth)
        {
            _parents = new int[options.BeamWidth];
            _tokens = new int[options.BeamWidth];
            _attended = new int[options.BeamWidth];
        }

        if (_logProbabilities.Length < options.BeamWidth * model.VocabularySize)
            _logProbabilities = new float[options.BeamWidth * model.VocabularySize];
        _finished.Clear();
        _live.Clear();
        _live.Add(BeamNode.Root);
        _parents[0] = 0;
        _tokens[0] = SpecialTokens.Begin;
        model.Begin(options.BeamWidth);
    }

    private void Collect(BeamCandidates candidates, int vocabularySize, BeamSearchOptions options, bool endOnly)
    {
        candidates.Clear();
        for (int index = 0; index < _live.Count; index++)
        {
            BeamNode node = _live[index];
            Span<float> row = _logProbabilities.AsSpan(index * vocabularySize, vocabularySize);
            if (endOnly)
            {
                candidates.Offer(index, SpecialTokens.End, node.LogProbability, row[SpecialTokens.End]);
                continue;
            }

            row[SpecialTokens.Padding] = float.NegativeInfinity;
            row[SpecialTokens.Begin] = float.NegativeInfinity;
            if (!options.AllowUnknown)
                row[SpecialTokens.Unknown] = float.NegativeInfinity;
            if (options.NoRepeatNgramSize > 0)
                node.BanRepeats(options.NoRepeatNgramSize, row);
            candidates.Offer(index, node.LogProbability, row);
        }
    }

    private void Advance(ReadOnlySpan<BeamCandidate> candidates, BeamSearchOptions options)
    {
        _next.Clear();
        for (int rank = 0; rank < candidates.Length && _next.Count < options.BeamWidth; rank++)
        {
            BeamCandidate candidate = candidates[rank];
            BeamNode node = _live[candidate.Parent];
            if (candidate.Token != SpecialTokens.End)
            {
                _parents[_next.Count] = candidate.Parent;
                _tokens[_next.Count] = candidate.Token;
                _next.Add(new BeamNode(node, candidate.Token, _attended[candidate.Parent], candidate.LogProbability, node.Length + 1));
            }
            else if (rank < options.BeamWidth)
            {
                Finish(node.End(candidate.LogProbability, options));
            }
        }

        _live.Clear();
        _live.AddRange(_next);
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
    private bool IsDecided(BeamSearchOptions options)
    {
        if (_live.Count == 0 || _finished.Count < options.ResultCount)
            return false;
        double reachable = _live[0].LogProbability / options.LengthPenalty(options.MaximumLength + 1);
        return _finished.Count >= options.BeamWidth || _finished[options.ResultCount - 1].Score >= reachable;
    }
}
