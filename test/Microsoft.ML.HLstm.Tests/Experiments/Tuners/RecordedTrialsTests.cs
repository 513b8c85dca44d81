using Microsoft.ML.HLstm.Benchmarks.Tuners;

namespace Microsoft.ML.HLstm.Tests.Experiments.Tuners;

[TestClass]
public class RecordedTrialsTests
{
    [TestMethod]
    public void In_half_the_trials_the_learning_tuner_finds_a_better_front_than_random_search()
    {
        var table = new RecordedTrials(Path.Combine(AppContext.BaseDirectory, "Data", "recorded-trials.csv"));
        foreach (int trials in new[] { table.Count / 2, table.Count * 2 / 3 })
        {
            (double Random, double Learning, double Parzen)[] shares = TunerComparison.Run(table, trials);
            Assert.IsGreaterThan(shares.Average(share => share.Random), shares.Average(share => share.Learning), $"{trials} trials");
        }
    }
}
