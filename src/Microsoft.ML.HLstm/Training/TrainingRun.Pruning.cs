using System.Globalization;
using Microsoft.ML.HLstm.GrowAndPrune;

namespace Microsoft.ML.HLstm.Training;

/// <summary>The pruning of a run, and the choice of the pattern that scoring is fastest with.</summary>
internal sealed partial class TrainingRun
{
    /// <summary>Latencies that differ by less are the same: medians taken in turns still vary by a few percent.</summary>
    private const double SameLatency = 0.97;

    private bool Measures => _schedule.Prunes && _schedule.Pattern == SparsityPattern.Fastest;

    private static SparsityPattern[] Measured => [SparsityPattern.Unstructured, SparsityPattern.Blocks16x1, SparsityPattern.Balanced32];

    private bool ReachedTarget => _network.Parameters.All(parameter =>
        parameter.Matrix is null || Pruning.HasReached(parameter.Matrix, _schedule.TargetOf(parameter.Group)));

    /// <summary>The model that is to return, as a candidate; null before there is a pruned one that was chosen by measurement.</summary>
    private PatternCandidate? Reached => _at.Reached is { } pattern ? PatternCandidate.Then(pattern, _network.Parameters, _kept!) : null;

    /// <summary>
    /// Prunes by the pattern that is fastest at the target density. When it left the allowed loss before it got there, and
    /// another pattern at the target would be faster than what it reached, that one starts from the same network, until none
    /// is left that could be faster. The model to return is the fastest one within the allowed loss.
    /// </summary>
    private void Choose()
    {
        if (!Measures)
        {
            _at.Enter(_schedule.Prunes ? TrainingStage.Prune : TrainingStage.Finished);
            return;
        }

        _start ??= _current;
        _at.Left ??= [.. Measured];
        Continue(_start!);
        _at.Chosen = NextPattern();
        if (_at.Chosen is not { } pattern)
        {
            Decide($"The model to return is {_at.Reached?.ToString() ?? "the one before pruning"}.");
            Settle();
            return;
        }

        _at.Left.Remove(pattern);
        _current = _start;
        _at.Keeps = _at.Reached is null;
        _at.Enter(TrainingStage.Prune);
    }

    private SparsityPattern? NextPattern()
    {
        List<SparsityPattern> left = _at.Left!;
        if (left.Count == 0)
            return null;
        List<PatternCandidate> candidates = [.. left.Select(pattern => PatternCandidate.AtTarget(pattern, _network.Parameters, _schedule))];
        if (Reached is { } pruned)
            candidates.Add(pruned);
        double[] seconds = _latency(candidates);
        int fastest = Array.FindIndex(seconds, time => time * SameLatency <= seconds.Take(left.Count).Min());
        SparsityPattern? next = _at.Reached is null || seconds[fastest] < seconds[^1] * SameLatency ? left[fastest] : null;
        string measured = string.Join(", ", left.Select((pattern, i) => string.Create(CultureInfo.InvariantCulture, $"{pattern} {seconds[i] * 1e6:F2} us")));
        string reached = _at.Reached is null ? "" : string.Create(CultureInfo.InvariantCulture, $", reached {_at.Reached} {seconds[^1] * 1e6:F2} us");
        Decide($"Measured products of a step at the target density: {measured}{reached}; {(next is null ? "nothing more is tried" : $"pruning by {next}")}.");
        return next;
    }

    /// <summary>Prunes once, unless the rounds, the connections or what they gain are at their end.</summary>
    private void PruneRound()
    {
        Teach();
        Continue(_current!);
        if (_at.Chosen is { } pattern)
            Take(pattern);
        if ((_at.Round == 0 && !Gains()) || !Prune())
        {
            EndPruning();
            return;
        }

        _at.LastRound = _at.Round == _schedule.PruningRounds - 1 || ReachedTarget || !Gains();
        _at.Keeps = _at.Keeps || IsFaster(PatternCandidate.Now(_at.Chosen!.Value, _network.Parameters), Reached!);
        _at.Enter(TrainingStage.Recover, _at.Round);
    }

    private void EndRound()
    {
        bool accepted = Accepted(_current!);
        if (accepted && _at.Keeps)
            (_at.Reached, _at.Unsettled) = (_at.Chosen, !_at.LastRound);
        if (_at.LastRound || !Accepted(_current!, _schedule.InterimLoss))
            EndPruning();
        else
            _at.Enter(TrainingStage.Prune, _at.Round + 1);
    }

    private void EndPruning()
    {
        if (Measures)
        {
            _at.Enter(TrainingStage.Choose);
            return;
        }

        if (!Accepted(_current!))
            DecideAgainst(_current!);
        Settle();
    }

    private void DecideAgainst(ModelSnapshot pruned) => Decide(string.Create(CultureInfo.InvariantCulture,
        $"Pruned to {(double)_runner.Active / _runner.Total:P1} of the connections, {_network.MetricName} is {pruned.Metric:F2}; at least {LeastAllowed():F2} is allowed. {(_at.Unsettled ? "The last network within that is trained on and returned" : "The network before pruning is returned")}."));

    /// <summary>Ends the run, after the last retraining of a pruned model to return that has not had it.</summary>
    private void Settle()
    {
        if (!_at.Unsettled)
        {
            _at.Enter(TrainingStage.Finished);
            return;
        }

        Continue(_kept!);
        (_current, _best) = (_kept, _kept);
        _at.Keeps = true;
        _at.Enter(TrainingStage.Settle);
    }

    /// <summary>Lets the best model so far predict the training data, unless it has done so already or others teach.</summary>
    private void Teach()
    {
        ModelSnapshot best = _kept!.Metric >= _current!.Metric ? _kept : _current;
        if (_network.HasTeachers || _schedule.Distillation == 0 || best.Metric <= _at.TeacherMetric)
            return;
        Continue(best);
        _runner.Teach(_schedule.Distillation, _at.History.Count);
        _at.TeacherMetric = best.Metric;
        _teacher?.Take(best);
    }

    private void Take(SparsityPattern pattern)
    {
        foreach (TrainedParameter parameter in _network.Parameters.Where(p => p.IsMultiplied && p.Matrix!.Pattern != pattern))
            parameter.Matrix!.Take(pattern);
    }

    /// <summary>
    /// False when the network would not be faster at the target density than it is now. It is not compared with the next
    /// round: while matrices are dense enough to be multiplied as dense ones, a round alone changes nothing.
    /// </summary>
    private bool Gains() => _at.Chosen is not { } pattern
        || IsFaster(PatternCandidate.AtTarget(pattern, _network.Parameters, _schedule), PatternCandidate.Now(pattern, _network.Parameters));

    private bool IsFaster(PatternCandidate candidate, PatternCandidate than)
    {
        double[] seconds = _latency([candidate, than]);
        return seconds[0] < seconds[1] * SameLatency;
    }

    private void Decide(string decision)
    {
        _at.Decisions.Add(decision);
        _runner.Log(decision);
    }

    private bool Prune()
    {
        int removed = 0;
        foreach (TrainedParameter parameter in _network.Parameters)
        {
            if (parameter.Matrix is not { } matrix)
                continue;
            removed += Pruning.Magnitude(matrix, parameter.Values, _schedule.PruningRatio, _schedule.TargetOf(parameter.Group));
            parameter.ApplyMask();
        }

        return removed > 0;
    }
}
