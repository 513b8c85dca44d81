using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tests.Inference;

[TestClass]
public sealed class PackedMatrixTests
{
    [TestMethod]
    [DataRow(0.0)]
    [DataRow(0.02)]
    [DataRow(0.5)]
    [DataRow(1.0)]
    public void A_product_is_added_to_what_was_there_in_either_layout(double density)
    {
        var random = new RandomWeights(1);
        foreach (int rows in new[] { 0, 1, 3, 4, 6, 17 })
        {
            foreach (int columns in new[] { 0, 1, 7, 8, 16, 37, 70 })
            {
                WeightMatrix matrix = random.Matrix("matrix", rows, columns, density);
                float[] x = random.Vector(columns);
                float[] start = random.Vector(rows);
                double[] expected = [.. NaiveCell.Multiply(matrix, NaiveCell.Double(x)).Zip(start, (a, b) => a + b)];
                foreach (PackedMatrix packed in new PackedMatrix[] { new DensePackedMatrix(matrix), new SparsePackedMatrix(matrix) })
                {
                    float[] y = [.. start];
                    packed.MultiplyAdd(x, y);
                    HLstmCellScorerTests.AssertClose(expected, y, 1e-6);
                }
            }
        }
    }

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
    public void The_layout_follows_the_density()
    {
        var random = new RandomWeights(1);
        Assert.IsInstanceOfType<SparsePackedMatrix>(PackedMatrix.Pack(random.Matrix("m", 50, 50, 0.1)));
        Assert.IsInstanceOfType<DensePackedMatrix>(PackedMatrix.Pack(random.Matrix("m", 50, 50, 0.9)));
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
