namespace Microsoft.ML.HLstm;

/// <summary>Proposes all combinations of some values of each option, in an order that depends on the seed, and then begins again.</summary>
public sealed class GridTuner : ITuner
{
    private readonly ParameterSet[] _points;
    private readonly Dictionary<ParameterSet, int> _uses = [];
    private readonly HashSet<int> _proposed = [];

    /// <summary>A grid over a space.</summary>
    /// <param name="space">The space.</param>
    /// <param name="steps">Values of each numeric option, from 1 to 1000; of choices all are taken.</param>
    /// <param name="seed">The seed of the order.</param>
    /// <exception cref="ArgumentException">The grid has more than 100,000 points.</exception>
    public GridTuner(SearchSpace space, int steps = 3, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(space);
        OptionChecks.InRange(steps, 1, 1000, nameof(steps));
        const int Most = 100_000;
        List<ParameterSet> points = [new ParameterSet([])];
        foreach ((string name, OptionBase option) in space)
        {
            IReadOnlyList<object> values = option.Grid(steps);
            points = [.. points.SelectMany(point => option.Condition is null || option.Condition(point)
                ? values.Select(value => new ParameterSet([.. point.Values, KeyValuePair.Create(name, value)]))
                : [point]).Take(Most + 1)];
            if (points.Count > Most)
                throw new ArgumentException($"The grid has more than {Most} points with {steps} values of each option; take fewer, or fewer options.", nameof(steps));
        }

        _points = [.. points];
        new Random(seed).Shuffle(_points);
        foreach (ParameterSet point in _points)
            _uses[point] = 0;
    }

    /// <summary>The number of points.</summary>
    public int Count => _points.Length;

    /// <inheritdoc/>
    public ParameterSet Propose(TrialSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ParameterSet point = _points.MinBy(point => _uses[point])!;
        _uses[point]++;
        _proposed.Add(settings.TrialId);
        return point;
    }

    /// <inheritdoc/>
    public void Update(TrialResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        // Trials of an experiment that goes on were proposed by another tuner, and those that go on from a model were not proposed.
        TrialSettings trial = result.TrialSettings;
        if (trial.ContinuedFrom is null && _proposed.Add(trial.TrialId) && _uses.TryGetValue(trial.Parameter, out int uses))
            _uses[trial.Parameter] = uses + 1;
    }
}
