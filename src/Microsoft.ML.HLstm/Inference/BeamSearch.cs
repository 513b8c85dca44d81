namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// Finds probable sequences of an <see cref="IStepModel"/>, for all of its sources side by side. Each step keeps the
/// <see cref="BeamSearchOptions.BeamWidth"/> best continuations of a source; one that ends is a result if it is among that many
/// best of the step. Ties go to the lower token id, so a search gives the same results every time. Holds working memory: one
/// search at a time.
/// </summary>
internal sealed class BeamSearch
{
    private readonly BeamTree _tree = new();
    private readonly BeamScan _scan = new();
    private readonly List<Beam> _beams = [];
    private int _width;
    private int[] _parents = [];
    private int[] _tokens = [];
    private int[] _attended = [];
    private Beam[] _owners = [];

    /// <summary>
    /// Searches from the start of the sequence of a model with one source. A sequence that reaches the maximum length is ended
    /// there, its end token scored like any other.
    /// </summary>
    /// <returns>
    /// At most <see cref="BeamSearchOptions.ResultCount"/> different sequences, best <see cref="BeamHypothesis.Score"/> first;
    /// fewer where the model has no more, none where it gives no sequence a probability.
    /// </returns>
    public IReadOnlyList<BeamHypothesis> Search(IStepModel model, BeamSearchOptions options)
    {
        Run(model, options);
        return _beams[0].Results(options);
    }

    /// <summary>Searches for every source what <see cref="Search"/> does for one.</summary>
    public IReadOnlyList<BeamHypothesis>[] SearchAll(IStepModel model, BeamSearchOptions options)
    {
        Run(model, options);
        return [.. _beams.Take(model.Sources).Select(beam => beam.Results(options))];
    }

    private void Run(IStepModel model, BeamSearchOptions options)
    {
        options.Validate();
        Prepare(model, options);
        for (int length = 0; Lay(model.Sources) is var count && count > 0; length++)
        {
            model.Step(_parents.AsSpan(0, count), _tokens.AsSpan(0, count));
            while (model.TryReadScores(out StepScores scores))
                Collect(scores, length, options);
            for (int source = 0; source < model.Sources; source++)
            {
                if (_beams[source].Count > 0)
                    _beams[source].Advance(_tree, _attended, length, options);
            }
        }
    }

    private void Prepare(IStepModel model, BeamSearchOptions options)
    {
        if (_width != options.BeamWidth)
            _beams.Clear();
        _width = options.BeamWidth;
        while (_beams.Count < model.Sources)
            _beams.Add(new Beam(_width));
        int most = model.Sources * _width;
        Lanes.Reserve(ref _parents!, most);
        Lanes.Reserve(ref _tokens!, most);
        Lanes.Reserve(ref _attended!, most);
        Lanes.Reserve(ref _owners!, most);
        _tree.Clear();
        for (int source = 0; source < model.Sources; source++)
            _beams[source].Start(source);
        model.Begin(most);
    }

    /// <summary>Lays the hypotheses of all sources side by side for the next step, and counts them.</summary>
    private int Lay(int sources)
    {
        int count = 0;
        for (int source = 0; source < sources; source++)
        {
            Beam beam = _beams[source];
            beam.First = count;
            beam.Candidates.Clear();
            foreach (Beam.Hypothesis hypothesis in beam.Live)
            {
                _parents[count] = hypothesis.Parent;
                _tokens[count] = hypothesis.Token;
                _owners[count++] = beam;
            }
        }

        return count;
    }

    private void Collect(in StepScores scores, int length, BeamSearchOptions options)
    {
        scores.Attended.CopyTo(_attended.AsSpan(scores.First));
        bool endOnly = length == options.MaximumLength;
        for (int lane = 0; lane < scores.Count; lane++)
        {
            Beam beam = _owners[scores.First + lane];
            int index = scores.First + lane - beam.First;
            Beam.Hypothesis hypothesis = beam.Live[index];
            if (endOnly)
            {
                beam.Candidates.Offer(index, SpecialTokens.End, hypothesis.LogProbability, scores.LogProbability(lane, SpecialTokens.End));
                continue;
            }

            scores.Ban(lane, SpecialTokens.Padding);
            scores.Ban(lane, SpecialTokens.Begin);
            if (!options.AllowUnknown)
                scores.Ban(lane, SpecialTokens.Unknown);
            if (options.NoRepeatNgramSize > 0)
                _tree.BanRepeats(hypothesis.Node, length, options.NoRepeatNgramSize, scores, lane);
        }

        if (!endOnly)
            _scan.Offer(scores, _owners);
    }
}
