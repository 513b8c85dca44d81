using Microsoft.ML.HLstm.Experiments;
using static Microsoft.ML.HLstm.Tests.Experiments.Tuners.MadeUpTrials;

namespace Microsoft.ML.HLstm.Tests.Experiments.Tuners;

[TestClass]
public class TunerTests
{
    private static readonly SearchSpace _space = new()
    {
        [SearchSpace.Algorithm] = new ChoiceOption(SearchSpace.HLstm, SearchSpace.Lstm),
        ["Layers"] = new UniformIntOption(1, 3) { Condition = point => point.Get<string>(SearchSpace.Algorithm) == SearchSpace.HLstm },
        ["Rate"] = new UniformDoubleOption(0.001, 0.1, logBase: true),
        ["Width"] = new UniformIntOption(16, 64, multipleOf: 16),
    };

    [TestMethod]
    public void A_grid_has_every_combination_once()
    {
        var tuner = new GridTuner(_space, steps: 3, seed: 5);
        // 3 layers with the one algorithm and none with the other; 3 rates; 16, 32, 40 rounded to multiples, and 64.
        Assert.AreEqual((3 + 1) * 3 * 3, tuner.Count);
        ParameterSet[] points = [.. Enumerable.Range(1, tuner.Count).Select(trial => tuner.Propose(Settings(trial)))];
        Assert.AreEqual(tuner.Count, points.Distinct().Count());
        Assert.AreEqual(points[0], tuner.Propose(Settings(tuner.Count + 1)));
        Assert.ThrowsExactly<ArgumentException>(() => new GridTuner(SearchSpace.CreateDefault(), steps: 20));
    }

    [TestMethod]
    public void A_grid_leaves_nothing_out_where_trials_go_on_and_tries_nothing_twice_where_the_experiment_does()
    {
        var first = new GridTuner(_space, seed: 5);
        var results = new List<TrialResult>();
        for (int trial = 1; results.Count < 20; trial++)
        {
            // Every third goes on from another, and is none of the tuner's.
            bool goesOn = trial % 3 == 0;
            TrialResult result = Result(trial, 1, parameter: goesOn ? results[^1].TrialSettings.Parameter : first.Propose(Settings(trial)));
            results.Add(result with { TrialSettings = result.TrialSettings with { ContinuedFrom = goesOn ? trial - 1 : null } });
            first.Update(results[^1]);
        }

        var second = new GridTuner(_space, seed: 5);
        results.ForEach(second.Update);
        IEnumerable<ParameterSet> more = Enumerable.Range(0, second.Count - results.Count(result => result.TrialSettings.ContinuedFrom is null)).Select(i => second.Propose(Settings(100 + i)));

        Assert.AreEqual(second.Count, results.Select(result => result.TrialSettings.Parameter).Concat(more).Distinct().Count());
    }

    [TestMethod]
    public void Proposals_follow_from_seed_trial_and_history()
    {
        TreeParzenTuner a = Learned(30, seed: 1), b = Learned(30, seed: 1), c = Learned(30, seed: 2);
        Assert.AreEqual(a.Propose(Settings(31)), b.Propose(Settings(31)));
        Assert.AreNotEqual(a.Propose(Settings(31)), c.Propose(Settings(31)));
        Assert.AreNotEqual(a.Propose(Settings(31)), a.Propose(Settings(32)));
    }

    [TestMethod]
    public void The_learning_tuner_finds_where_points_are_good()
    {
        ParameterSet[] next = [.. Enumerable.Range(1, 5).SelectMany(seed =>
        {
            TreeParzenTuner tuner = Learned(40, seed);
            return Enumerable.Range(41, 20).Select(trial => tuner.Propose(Settings(trial)));
        })];
        // At random the mean distance from the middle of two decades is half a decade, and half of the points have hidden layers.
        Assert.IsLessThan(0.4, next.Average(point => Math.Abs(Math.Log10(point.Get<double>("Rate")) + 2)));
        Assert.IsGreaterThan(60, next.Count(point => point.Get<string>(SearchSpace.Algorithm) == SearchSpace.HLstm));
    }

    [TestMethod]
    public void A_small_space_that_is_used_up_is_no_end()
    {
        var space = new SearchSpace { ["A"] = new ChoiceOption(1, 2), ["B"] = new ChoiceOption("x", "y") };
        var tuner = new TreeParzenTuner(space, 1) { StartupTrials = 2 };
        var points = new List<ParameterSet>();
        for (int trial = 1; trial <= 6; trial++)
        {
            points.Add(tuner.Propose(Settings(trial)));
            tuner.Update(Result(trial, trial, parameter: points[^1]));
        }

        Assert.AreEqual(4, points.Take(4).Distinct().Count());
    }

    [TestMethod]
    public void Trials_that_run_at_once_are_of_different_points()
    {
        var tuner = new GaussianProcessTuner(_space, 1);
        for (int trial = 1; trial <= 10; trial++)
            tuner.Update(Result(trial, trial, parameter: tuner.Propose(Settings(trial))));

        Assert.AreEqual(8, Enumerable.Range(11, 8).Select(trial => tuner.Propose(Settings(trial))).Distinct().Count());
    }

    [TestMethod]
    public void Failures_are_kept_away_from()
    {
        var space = new SearchSpace { ["Width"] = new UniformDoubleOption(0, 1) };
        var tuner = new TreeParzenTuner(space, 1);
        for (int trial = 1; trial <= 40; trial++)
        {
            ParameterSet point = tuner.Propose(Settings(trial));
            TrialResult result = Result(trial, 10, parameter: point);
            tuner.Update(point.Get<double>("Width") > 0.5 ? new TrialResult { TrialSettings = result.TrialSettings, Exception = "out of memory" } : result);
        }

        Assert.IsGreaterThan(15, Enumerable.Range(41, 20).Count(trial => tuner.Propose(Settings(trial)).Get<double>("Width") <= 0.5));
    }

    [TestMethod]
    public void A_Gaussian_process_passes_near_its_points_and_knows_where_it_knows_little()
    {
        double[][] points = [.. Enumerable.Range(0, 9).Select(i => (double[])[i / 16.0])];
        var process = new GaussianProcess(points, [.. points.Select(point => Math.Sin(3 * point[0]))]);
        (double mean, double deviation) = process.Predict([0.3125]);
        Assert.AreEqual(Math.Sin(3 * 0.3125), mean, 0.02);
        (double far, double uncertain) = process.Predict([1]);
        Assert.IsGreaterThan(5 * deviation, uncertain);
        Assert.IsLessThan(2, Math.Abs(far));
    }

    [TestMethod]
    public void A_Gaussian_process_tells_coordinates_that_matter_from_others_and_goes_on_along_a_line()
    {
        double[][] points = [[0.1, 0.9], [0.3, 0.2], [0.5, 0.7], [0.6, 0.1], [0.8, 0.5]];
        var process = new GaussianProcess(points, [.. points.Select(point => 4 - 2 * point[0])]);
        Assert.AreEqual(4 - 2 * 0.95, process.Predict([0.95, 0.95]).Mean, 0.1);
        Assert.AreEqual(process.Predict([0.4, 0.1]).Mean, process.Predict([0.4, 0.9]).Mean, 0.1);
    }

    /// <summary>Good where the rate is near 0.01, better with hidden layers.</summary>
    private static TreeParzenTuner Learned(int trials, int seed)
    {
        var tuner = new TreeParzenTuner(_space, seed);
        for (int trial = 1; trial <= trials; trial++)
        {
            ParameterSet point = tuner.Propose(Settings(trial));
            double far = Math.Log10(point.Get<double>("Rate")) + 2;
            tuner.Update(Result(trial, 50 - 20 * far * far - (point.Contains("Layers") ? 0 : 15), parameter: point));
        }

        return tuner;
    }
}
