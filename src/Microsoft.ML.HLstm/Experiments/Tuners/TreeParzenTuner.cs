using Microsoft.ML.HLstm.Experiments;

namespace Microsoft.ML.HLstm;

/// <summary>
/// Learns where good points lie: a tree-structured Parzen estimator (J. Bergstra et al., NIPS 2011) over several goals. Trials
/// are ranked by metric, parameters and latency together, by non-dominated fronts (K. Deb et al., NSGA-II, 2002); the better
/// ones and the others each give a density over the space, and the next point is the one, of many drawn from the first, whose
/// ratio of the two is highest. Densities are of whole points, so that widths and learning rates that go together stay together.
/// </summary>
public sealed class TreeParzenTuner : ITuner
{
    private readonly SearchSpace _space;
    private readonly int _seed;
    private readonly RandomTuner _random;
    private readonly List<TrialResult> _results = [];

    /// <summary>A tuner of a space.</summary>
    /// <param name="space">The space.</param>
    /// <param name="seed">The seed.</param>
    public TreeParzenTuner(SearchSpace space, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(space);
        (_space, _seed, _random) = (space, seed, new RandomTuner(space, seed));
    }

    /// <summary>Trials at random before anything is learned, from 2 to 10,000.</summary>
    public int StartupTrials
    {
        get;
        init
        {
            OptionChecks.InRange(value, 2, 10_000, nameof(StartupTrials));
            field = value;
        }
    } = 5;

    /// <summary>The share of trials that count as good, above 0 and at most 0.9.</summary>
    public double GoodShare
    {
        get;
        init
        {
            OptionChecks.AboveUpTo(value, 0, 0.9, nameof(GoodShare));
            field = value;
        }
    } = 0.25;

    /// <summary>Points drawn for each proposal, from 1 to 100,000.</summary>
    public int Candidates
    {
        get;
        init
        {
            OptionChecks.InRange(value, 1, 100_000, nameof(Candidates));
            field = value;
        }
    } = 64;

    /// <inheritdoc/>
    public ParameterSet Propose(TrialSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        List<TrialResult> ranked = Ranked();
        HashSet<ParameterSet> tried = [.. _results.Select(result => result.TrialSettings.Parameter)];
        Random random = TrialRandom.Create(_seed, settings.TrialId);
        if (ranked.Count(result => result.Succeeded) < StartupTrials)
            return New(tried, () => _space.Choose((_, option) => option.At(random.NextDouble()))) ?? _random.Propose(settings);
        int good = Math.Max(2, (int)Math.Ceiling(GoodShare * ranked.Count));
        var better = new ParzenEstimator(_space, ranked.Take(good).Select(result => result.TrialSettings.Parameter));
        var others = new ParzenEstimator(_space, ranked.Skip(good).Select(result => result.TrialSettings.Parameter));
        return Enumerable.Range(0, Candidates).Select(_ => better.Sample(random)).Where(point => !tried.Contains(point)).Distinct()
            .MaxBy(point => better.LogDensity(point) - others.LogDensity(point))
            ?? New(tried, () => better.Sample(random)) ?? _random.Propose(settings);
    }

    /// <inheritdoc/>
    public void Update(TrialResult result) => _results.Add(result);

    /// <summary>Results of one budget, best first, then failures.</summary>
    private List<TrialResult> Ranked() =>
        [.. TrialRanking.Order(TrialBudgets.Comparable(_results, StartupTrials)), .. _results.Where(result => !result.Succeeded)];

    /// <summary>A point that has not been tried; null when none comes up: a small space may be all used up.</summary>
    private static ParameterSet? New(HashSet<ParameterSet> tried, Func<ParameterSet> draw)
    {
        const int Attempts = 1000;
        return Enumerable.Range(0, Attempts).Select(_ => draw()).FirstOrDefault(point => !tried.Contains(point));
    }
}
