using Microsoft.ML.HLstm.Experiments;

namespace Microsoft.ML.HLstm.Tests.Experiments.Tuners;

[TestClass]
public class ParzenEstimatorTests
{
    private static readonly SearchSpace _space = new()
    {
        ["A"] = new ChoiceOption("x", "y", "z"),
        ["B"] = new UniformDoubleOption(0, 1) { Condition = point => point.Get<string>("A") != "z" },
        ["C"] = new UniformDoubleOption(1, 100, logBase: true),
    };

    [TestMethod]
    public void The_density_relative_to_the_even_one_averages_to_1()
    {
        ParzenEstimator estimator = Make(7);
        const int Steps = 60;
        double sum = 0;
        foreach (double a in (double[])[1.0 / 6, 0.5, 5.0 / 6])
        {
            for (int b = 0; b < Steps; b++)
            {
                for (int c = 0; c < Steps; c++)
                {
                    double[] unit = [a, (b + 0.5) / Steps, (c + 0.5) / Steps];
                    sum += Math.Exp(estimator.LogDensity(_space.Choose((name, option) => option.At(unit[name[0] - 'A']))));
                }
            }
        }

        Assert.AreEqual(1, sum / (3 * Steps * Steps), 0.005);
    }

    [TestMethod]
    public void Points_are_drawn_as_often_as_the_density_says()
    {
        ParzenEstimator estimator = Make(4);
        var random = new Random(1);
        const int Draws = 20_000, Steps = 60;
        int drawn = 0;
        for (int i = 0; i < Draws; i++)
        {
            ParameterSet point = estimator.Sample(random);
            drawn += point.Get<string>("A") == "x" && point.Get<double>("B") < 0.3 ? 1 : 0;
        }

        double expected = 0;
        for (int b = 0; b < Steps; b++)
        {
            for (int c = 0; c < Steps; c++)
            {
                double[] unit = [1.0 / 6, (b + 0.5) / Steps * 0.3, (c + 0.5) / Steps];
                expected += 0.3 / 3 * Math.Exp(estimator.LogDensity(_space.Choose((name, option) => option.At(unit[name[0] - 'A'])))) / (Steps * Steps);
            }
        }

        Assert.AreEqual(expected, (double)drawn / Draws, 0.015);
    }

    private static ParzenEstimator Make(int points)
    {
        var random = new Random(5);
        return new ParzenEstimator(_space, Enumerable.Range(0, points).Select(_ => _space.Choose((_, option) => option.At(random.NextDouble()))));
    }
}
