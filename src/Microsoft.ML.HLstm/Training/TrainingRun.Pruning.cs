using System.Globalization;
using Microsoft.ML.HLstm.GrowAndPrune;

namespace Microsoft.ML.HLstm.Training;

/// <summary>The pruning of a run, and the choice of the pattern that scoring is fastest with.</summary>
internal sealed partial class TrainingRun
{
    /// <summary>Latencies that differ by less are the same: medians taken in turns still vary by a few percent.</summary>
    private const double SameLatency = 0.97;

    private readonly List<string> _decisions = [];
    private ModelSnapshot? _start;
    private PatternCandidate? _reached;
    private bool _keeps = true;

    private bool Measures => _schedule.Prunes && _schedule.Pattern == SparsityPattern.Fastest;

    private static SparsityPattern[] Measured => [SparsityPattern.Unstructured, SparsityPattern.Blocks16x1, SparsityPattern.Balanced32];

    private bool ReachedTarget => _network.Parameters.All(parameter =>
        parameter.Matrix is null || Pruning.HasReached(parameter.Matrix, _schedule.TargetOf(parameter.Group)));

    private void PruneAndRecover()
    {
        if (Measures)
            PruneToFastest();
        else if (_schedule.Prunes)
            PruneRounds(null);
    }

    /// <summary>
    /// Prunes by the pattern that is fastest at the target density. When it left the allowed loss before it got there, and
    /// another pattern at the target would be faster than what it reached, that one starts from the same network, until none
    /// is left that could be faster. The model to return is the fastest one within the allowed loss.
    /// </summary>
    private void PruneToFastest()
    {
        _start = _current!;
        var left = new List<SparsityPattern>(Measured);
        for (Continue(_start); NextPattern(left) is { } pattern; Continue(_start))
        {
            left.Remove(pattern);
            _current = _start;
            _keeps = _reached is null;
            PruneRounds(pattern);
        }

        Decide($"The model to return is {(_reached is null ? "the one before pruning" : _reached.Pattern)}.");
    }

    private SparsityPattern? NextPattern(List<SparsityPattern> left)
    {
        if (left.Count == 0)
            return null;
        List<PatternCandidate> candidates = [.. left.Select(pattern => PatternCandidate.AtTarget(pattern, _network.Parameters, _schedule))];
        if (_reached is not null)
            candidates.Add(_reached);
        double[] seconds = _latency(candidates);
        int fastest = Array.FindIndex(seconds, time => time * SameLatency <= seconds.Take(left.Count).Min());
        SparsityPattern? next = _reached is null || seconds[fastest] < seconds[^1] * SameLatency ? left[fastest] : null;
        string measured = string.Join(", ", left.Select((pattern, i) => string.Create(CultureInfo.InvariantCulture, $"{pattern} {seconds[i] * 1e6:F2} us")));
        string reached = _reached is null ? "" : string.Create(CultureInfo.InvariantCulture, $", reached {_reached.Pattern} {seconds[^1] * 1e6:F2} us");
        Decide($"Measured products of a step at the target density: {measured}{reached}; {(next is null ? "nothing more is tried" : $"pruning by {next}")}.");
        return next;
    }

    /// <param name="measured">The pattern to prune by, when it has been chosen by measurement.</param>
    private void PruneRounds(SparsityPattern? measured)
    {
        for (int round = 0; round < _schedule.PruningRounds; round++)
        {
            Teach();
            Continue(_current!);
            if (measured is { } pattern)
                Take(pattern);
            if ((round == 0 && !Gains(measured)) || !Prune())
                return;
            bool last = round == _schedule.PruningRounds - 1 || ReachedTarget || !Gains(measured);
            PatternCandidate? pruned = measured is null ? null : PatternCandidate.Now(measured.Value, _network.Parameters);
            _keeps = _keeps || IsFaster(pruned!, _reached!);
            Retrain(TrainingPhase.Prune, last ? FinalEpochs : _schedule.RecoveryEpochs, toTheEnd: last);
            if (!Accepted(_current!))
                return;
            if (_keeps)
                _reached = pruned;
            if (last)
                return;
        }
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
    private bool Gains(SparsityPattern? measured) => measured is not { } pattern
        || IsFaster(PatternCandidate.AtTarget(pattern, _network.Parameters, _schedule), PatternCandidate.Now(pattern, _network.Parameters));

    private bool IsFaster(PatternCandidate candidate, PatternCandidate than)
    {
        double[] seconds = _latency([candidate, than]);
        return seconds[0] < seconds[1] * SameLatency;
    }

    private void Decide(string decision)
    {
        _decisions.Add(decision);
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
