using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tests.Inference;

[TestClass]
public sealed class PackedMatrixTests
{
    [TestMethod]
    [DataRow(0.1, 8)]
    [DataRow(1.0, 24)]
    public void Products_side_by_side_are_those_of_each_vector(double density, int lanes)
    {
        var random = new RandomWeights(2);
        PackedMatrix packed = PackedMatrix.Pack(random.Matrix("m", 37, 53, density));
        float[] x = random.Vector(53 * lanes), y = random.Vector(37 * lanes), start = [.. y];
        packed.MultiplyAddLanes(x, y, lanes);
        for (int lane = 0; lane < lanes; lane++)
        {
            float[] one = [.. Enumerable.Range(0, 37).Select(row => start[(row * lanes) + lane])];
            packed.MultiplyAdd([.. Enumerable.Range(0, 53).Select(column => x[(column * lanes) + lane])], one);
            HLstmCellScorerTests.AssertClose([.. one.Select(value => (double)value)], [.. Enumerable.Range(0, 37).Select(row => y[(row * lanes) + lane])], 1e-5);
        }
    }

    [TestMethod]
    [DataRow(5, 3)]
    [DataRow(4, 2)]
    [DataRow(4, 4)]
    public void Lengths_that_do_not_fit_are_refused(int x, int y)
    {
        foreach (double density in new[] { 0.1, 1.0 })
        {
            PackedMatrix packed = PackedMatrix.Pack(new RandomWeights(1).Matrix("m", 3, 4, density));
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => packed.MultiplyAdd(new float[x], new float[y]));
        }
    }
}
