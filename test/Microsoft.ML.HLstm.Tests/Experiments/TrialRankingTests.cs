using Microsoft.ML.HLstm.Experiments;
using static Microsoft.ML.HLstm.Tests.Experiments.Tuners.MadeUpTrials;

namespace Microsoft.ML.HLstm.Tests.Experiments;

[TestClass]
public class TrialRankingTests
{
    private static readonly TrialResult[] _results =
    [
        Result(1, 40, 9000, 3), Result(2, 39, 4000, 2), Result(3, 38.5, 5000, 1), Result(4, 30, 2000, 0.9), Result(5, 29, 3000, 0.95), Result(6, 1, 10, 0.01),
    ];

    [TestMethod]
    public void The_goal_says_which_model_is_best()
    {
        Assert.AreEqual(1, Best(ExperimentGoal.MostAccurate, 0.05));
        Assert.AreEqual(2, Best(ExperimentGoal.Smallest, 0.05));
        Assert.AreEqual(3, Best(ExperimentGoal.Fastest, 0.05));
        Assert.AreEqual(4, Best(ExperimentGoal.Fastest, 0.25));
        Assert.AreEqual(1, Best(ExperimentGoal.Smallest, 0));
        Assert.IsNull(TrialRanking.Best([], ExperimentGoal.Smallest, 0));
    }

    [TestMethod]
    public void The_front_has_what_nothing_beats_and_what_is_worth_having() =>
        CollectionAssert.AreEqual((int[])[4, 2, 3, 1], Ids(TrialRanking.Front(_results)));

    [TestMethod]
    public void What_is_not_worth_having_comes_last_however_small()
    {
        int[] order = Ids(TrialRanking.Order(_results));
        CollectionAssert.AreEqual((int[])[5, 6], order[^2..]);
    }

    [TestMethod]
    public void Error_rates_rank_the_other_way()
    {
        TrialResult[] rates = [.. new[] { 0.2, 0.25, 0.5 }.Select((rate, i) => Result(i + 1, rate, 1000 - i) with { Loss = rate })];
        CollectionAssert.AreEqual((int[])[2, 1], Ids(TrialRanking.Front(rates)));
        Assert.AreEqual(2, TrialRanking.Best(rates, ExperimentGoal.Smallest, 0.3)!.TrialSettings.TrialId);
    }

    [TestMethod]
    public void The_best_third_of_each_budget_goes_on_once()
    {
        var halving = new SuccessiveHalving([1.0 / 9, 1.0 / 3, 1]);
        List<TrialResult> done = [.. Enumerable.Range(1, 6).Select(i => Result(i, 10 * i, budget: 1.0 / 9))];
        (TrialResult From, double Budget) first = halving.Next(done, new HashSet<int>())!.Value;
        Assert.AreEqual((6, 1.0 / 3), (first.From.TrialSettings.TrialId, first.Budget));
        Assert.AreEqual(5, halving.Next(done, new HashSet<int> { 6 })!.Value.From.TrialSettings.TrialId);
        Assert.IsNull(halving.Next(done, new HashSet<int> { 6, 5 }));
        // Three at the second budget let one go on to the last, before any from the first.
        done.AddRange(Enumerable.Range(7, 3).Select(i => Result(i, 50 + i, budget: 1.0 / 3)));
        (TrialResult From, double Budget) last = halving.Next(done, new HashSet<int> { 6 })!.Value;
        Assert.AreEqual((9, 1.0), (last.From.TrialSettings.TrialId, last.Budget));
    }

    [TestMethod]
    public void Importance_is_the_variance_that_a_parameter_explains()
    {
        var random = new Random(1);
        TrialResult[] results = [.. Enumerable.Range(1, 80).Select(i =>
        {
            var point = new ParameterSet(new Dictionary<string, object> { ["Strong"] = random.NextDouble(), ["Choice"] = random.Next(2) == 0 ? "a" : "b", ["Noise"] = random.NextDouble() });
            return Result(i, 10 * point.Get<double>("Strong") + (point.Get<string>("Choice") == "a" ? 2 : 0), parameter: point);
        })];
        IReadOnlyList<ParameterImportance> importances = ParameterImportance.Compute(results);
        CollectionAssert.AreEqual((string[])["Strong", "Choice", "Noise"], importances.Select(importance => importance.Name).ToArray());
        // Quarters of an even range explain 15/16 of its variance, 100/12; the choice adds a variance of 1.
        Assert.AreEqual(100.0 / 12 * 15 / 16 / (100.0 / 12 + 1), importances[0].Share, 0.06);
        Assert.IsLessThan(0.1, importances[2].Share);
    }

    private static int? Best(ExperimentGoal goal, double allowedLoss) => TrialRanking.Best(_results, goal, allowedLoss)?.TrialSettings.TrialId;

    private static int[] Ids(IReadOnlyList<TrialResult> results) => [.. results.Select(result => result.TrialSettings.TrialId)];
}
