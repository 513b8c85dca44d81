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
    [DataRow(0.02)]
    [DataRow(0.15)]
    [DataRow(1.0)]
    public void Products_of_vectors_that_lie_apart_are_those_of_each_vector_at_every_precision(double density)
    {
        const int Rows = 75, Columns = 90, XStride = 97, YStride = 80;
        var random = new RandomWeights(5);
        foreach (WeightPrecision precision in Enum.GetValues<WeightPrecision>())
        {
            PackedMatrix packed = PackedMatrix.Pack(random.Matrix("m", Rows, Columns, density).At(precision));
            for (int count = 1; count <= 12; count++)
            {
                float[] x = random.Vector(((count - 1) * XStride) + Columns), y = random.Vector(count * YStride), expected = [.. y];
                packed.MultiplyAddEach(x, XStride, y, YStride, count);
                for (int vector = 0; vector < count; vector++)
                    packed.MultiplyAdd(x.AsSpan(vector * XStride, Columns), expected.AsSpan(vector * YStride, Rows));
                HLstmCellScorerTests.AssertClose([.. expected.Select(value => (double)value)], y, 1e-5);
            }
        }
    }

    [TestMethod]
    public void Strides_that_do_not_fit_are_refused()
    {
        PackedMatrix packed = PackedMatrix.Pack(new RandomWeights(1).Matrix("m", 3, 4, 0.5));

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => packed.MultiplyAddEach(new float[8], 3, new float[6], 3, 2));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => packed.MultiplyAddEach(new float[8], 4, new float[6], 2, 2));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => packed.MultiplyAddEach(new float[7], 4, new float[6], 3, 2));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => packed.MultiplyAddEach(new float[8], 4, new float[5], 3, 2));
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
