using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tests.Inference;

[TestClass]
public sealed class LatencyProbeTests
{
    [TestMethod]
    public void Every_candidate_has_a_time_and_stays_as_it_is()
    {
        var random = new RandomWeights(1);
        WeightMatrix[][] candidates = [[random.Matrix("a", 40, 30, 0.05), random.Matrix("b", 10, 70)], [], [random.Matrix("c", 33, 65, 0.2)]];
        float[][] before = [.. candidates.SelectMany(matrices => matrices).Select(matrix => (float[])matrix.Values.Clone())];

        double[] seconds = LatencyProbe.Measure(candidates);

        Assert.HasCount(3, seconds);
        Assert.IsTrue(seconds.All(time => time > 0 && double.IsFinite(time)));
        foreach ((float[] expected, WeightMatrix matrix) in before.Zip(candidates.SelectMany(matrices => matrices)))
            CollectionAssert.AreEqual(expected, matrix.Values);
    }
}
