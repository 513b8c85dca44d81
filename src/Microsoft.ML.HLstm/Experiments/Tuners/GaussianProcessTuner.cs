using Microsoft.ML.HLstm.Experiments;

namespace Microsoft.ML.HLstm;

/// <summary>
/// Learns what metric, parameters and latency a point will have, each with a Gaussian process, and proposes the point whose
/// expected values would add most to the volume that the front dominates (M. Emmerich et al., hypervolume improvement, 2006).
/// Sizes follow from few trials what they are elsewhere, so that it needs few.
/// </summary>
/// <param name="space">The space.</param>
/// <param name="seed">The seed.</param>
public sealed class GaussianProcessTuner(SearchSpace space, int seed = 0) : ITuner
{
    /// <summary>Trials at random before anything is learned.</summary>
    private const int StartupTrials = 5;

    /// <summary>Points that a proposal is chosen from, anywhere and near the front.</summary>
    private const int Anywhere = 48, NearTheFront = 24;

    /// <summary>More trials than this would make proposals slow; the latest are learned from.</summary>
    private const int MostLearned = 300;

    private readonly List<TrialResult> _results = [];

    /// <inheritdoc/>
    public ParameterSet Propose(TrialSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Random random = TrialRandom.Create(seed, settings.TrialId);
        HashSet<ParameterSet> tried = [.. _results.Select(result => result.TrialSettings.Parameter)];
        ParameterSet Draw() => space.Choose((_, option) => option.At(random.NextDouble()));
        TrialResult[] learned = [.. TrialBudgets.Comparable(_results, StartupTrials).TakeLast(MostLearned)];
        if (learned.Length < StartupTrials)
            return Enumerable.Range(0, 1000).Select(_ => Draw()).FirstOrDefault(point => !tried.Contains(point)) ?? Draw();

        double[][] values = [.. learned.Select(TrialRanking.Objectives)];
        double[][] points = [.. learned.Select(result => Place(result.TrialSettings.Parameter))];
        GaussianProcess[] processes = [.. Enumerable.Range(0, values[0].Length).Select(d => new GaussianProcess(points, [.. values.Select(value => value[d])]))];
        double[][] front = [.. TrialRanking.Front(learned).Select(TrialRanking.Objectives)];
        double[] reference = [TrialRanking.WorstLoss(learned) + 1e-9, .. Enumerable.Range(1, values[0].Length - 1).Select(d => Beyond(values.Select(value => value[d])))];
        var near = new ParzenEstimator(space, TrialRanking.Front(learned).Select(result => result.TrialSettings.Parameter));
        ParameterSet[] candidates = [.. Enumerable.Range(0, Anywhere).Select(_ => Draw()).Concat(Enumerable.Range(0, NearTheFront).Select(_ => near.Sample(random))).Where(point => !tried.Contains(point)).Distinct()];
        return candidates.MaxBy(point =>
        {
            double[] place = Place(point);
            return ParetoRanking.Hypervolume([.. front, [.. processes.Select(process => process.Predict(place).Mean)]], reference);
        }) ?? Draw();
    }

    /// <inheritdoc/>
    public void Update(TrialResult result) => _results.Add(result);

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
