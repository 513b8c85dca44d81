using Microsoft.ML.HLstm.Experiments;

namespace Microsoft.ML.HLstm;

/// <summary>
/// Learns what metric, parameters and latency a point will have, each with a Gaussian process, and proposes the point that is
/// expected to add most to the volume that the front dominates (M. Emmerich et al., expected hypervolume improvement, 2006). Sizes
/// follow from few trials what they are elsewhere, so that it needs few.
/// </summary>
/// <param name="space">The space.</param>
/// <param name="seed">The seed.</param>
public sealed class GaussianProcessTuner(SearchSpace space, int seed = 0) : ITuner
{
    /// <summary>Trials far from each other before anything is learned.</summary>
    private const int StartupTrials = 4;

    /// <summary>Points that a proposal is chosen from, anywhere and near the front.</summary>
    private const int Anywhere = 96, NearTheFront = 48;

    /// <summary>Values that a candidate may turn out to have, over which its improvement is averaged.</summary>
    private const int Outcomes = 24;

    /// <summary>The share of their deviation by which outcomes are spread: with few trials to go, what is likely counts more.</summary>
    private const double Optimism = 0.5;

    /// <summary>More trials than this would make proposals slow; the latest are learned from.</summary>
    private const int MostLearned = 150;

    private readonly List<TrialResult> _results = [];

    /// <summary>Points with a result or without one yet: some trials run at once, and what is best does not change while they do.</summary>
    private readonly HashSet<ParameterSet> _tried = [];

    /// <inheritdoc/>
    public ParameterSet Propose(TrialSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ParameterSet point = Choose(TrialRandom.Create(seed, settings.TrialId));
        _tried.Add(point);
        return point;
    }

    /// <inheritdoc/>
    public void Update(TrialResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        _results.Add(result);
        _tried.Add(result.TrialSettings.Parameter);
    }

    private ParameterSet Choose(Random random)
    {
        ParameterSet Draw() => space.Choose((_, option) => option.At(random.NextDouble()));
        ParameterSet[] anywhere = [.. Enumerable.Range(0, Anywhere).Select(_ => Draw()).Where(point => !_tried.Contains(point)).Distinct()];
        TrialResult[] learned = [.. TrialBudgets.Comparable(_results, StartupTrials).TakeLast(MostLearned)];
        if (learned.Length < StartupTrials)
            return FarFrom(_tried, anywhere) ?? Draw();

        double[][] values = [.. learned.Select(TrialRanking.Objectives)];
        double[][] points = [.. learned.Select(result => Place(result.TrialSettings.Parameter))];
        GaussianProcess[] processes = [.. Enumerable.Range(0, values[0].Length).Select(d => new GaussianProcess(points, [.. values.Select(value => value[d])]))];
        IReadOnlyList<TrialResult> best = TrialRanking.Front(learned);
        double[][] front = [.. best.Select(TrialRanking.Objectives)];
        double[] reference = [TrialRanking.WorstLoss(learned) + 1e-9, .. Enumerable.Range(1, values[0].Length - 1).Select(d => Beyond(values.Select(value => value[d])))];
        var near = new ParzenEstimator(space, best.Select(result => result.TrialSettings.Parameter));
        ParameterSet[] candidates = [.. anywhere.Concat(Enumerable.Range(0, NearTheFront).Select(_ => near.Sample(random)).Where(point => !_tried.Contains(point))).Distinct()];
        double[][] normal = [.. Enumerable.Range(0, Outcomes).Select(_ => processes.Select(_ => TrialRandom.Normal(random)).ToArray())];
        return candidates.MaxBy(point =>
        {
            double[] place = Place(point);
            (double Mean, double Deviation)[] expected = [.. processes.Select(process => process.Predict(place))];
            return normal.Average(z => ParetoRanking.Hypervolume([.. front, [.. expected.Select((value, d) => value.Mean + Optimism * value.Deviation * z[d])]], reference));
        }) ?? Draw();
    }

    /// <summary>The point of some that is farthest from those that were tried; null when there is none.</summary>
    private ParameterSet? FarFrom(IEnumerable<ParameterSet> tried, IReadOnlyList<ParameterSet> points)
    {
        double[][] places = [.. tried.Select(Place)];
        return points.MaxBy(point =>
        {
            double[] place = Place(point);
            return places.Select(other => other.Zip(place, (a, b) => (a - b) * (a - b)).Sum()).DefaultIfEmpty().Min();
        });
    }

    /// <summary>A tenth of the range beyond the largest value, so that ends count.</summary>
    private static double Beyond(IEnumerable<double> values) => values.Max() + 0.1 * (values.Max() - values.Min()) + 1e-9;

    /// <summary>A point as coordinates: numbers by their place from 0 to 1, choices one each; the middle where there is no value.</summary>
    private double[] Place(ParameterSet point)
    {
        var place = new List<double>();
        foreach ((string name, OptionBase option) in space)
        {
            double? unit = point.Find(name) is { } value ? option.UnitOf(value) : null;
            if (option.Choices == 0)
                place.Add(unit ?? 0.5);
            else
                place.AddRange(Enumerable.Range(0, option.Choices).Select(choice => unit is { } at && (int)(at * option.Choices) == choice ? 0.7 : 0));
        }

        return [.. place];
    }
}
