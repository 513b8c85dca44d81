using Microsoft.ML.HLstm.Networks.Kernels;

namespace Microsoft.ML.HLstm.Tests.Networks;

[TestClass]
public unsafe class SparseProductTests
{
    [TestMethod]
    [DataRow(1, 5, 7, 0.5)]
    [DataRow(16, 64, 16, 0.3)]
    [DataRow(17, 33, 40, 0.1)]
    [DataRow(50, 70, 1100, 0.02)]
    [DataRow(64, 130, 256, 0.06)]
    [DataRow(200, 90, 600, 0.3)]
    [DataRow(40, 1030, 200, 0.2)]
    [DataRow(64, 20, 30, 0.0)]
    [DataRow(33, 20, 30, 1.0)]
    public void AgreesWithSumsInDoublePrecision(int rows, int outputs, int inputs, double density)
    {
        var random = new Random(1);
        float[] mask = [.. Enumerable.Range(0, outputs * inputs).Select(i => random.NextDouble() < density && i / inputs != 3 ? 1f : 0f)];
        ConnectionPattern pattern = new MatrixConnections(mask, 1, outputs, inputs).Block(0);
        float[] weights = Values(random, mask.Length), x = Values(random, rows * inputs), y = Values(random, rows * outputs), start = Values(random, rows * outputs);
        float[] byRow = new float[pattern.Count];
        fixed (float* from = weights, to = byRow)
            pattern.Gather(from, to, 2);
        double Forward(int i) => Enumerable.Range(0, inputs).Sum(j => (double)mask[i % outputs * inputs + j] * weights[i % outputs * inputs + j] * x[i / outputs * inputs + j]);
        double Gradient(int i) => Enumerable.Range(0, rows).Sum(row => (double)y[row * outputs + i / inputs] * x[row * inputs + i % inputs]);
        fixed (float* px = x, py = y, pw = byRow)
        {
            foreach (int threads in (int[])[1, 2])
            {
                foreach (bool accumulate in (bool[])[false, true])
                {
                    float[] result = [.. start];
                    fixed (float* to = result)
                        SparseProduct.Multiply(px, inputs, rows, pattern.ByRow, pw, to, outputs, accumulate, threads);
                    for (int i = 0; i < result.Length; i++)
                        Assert.AreEqual(Forward(i) + (accumulate ? start[i] : 0), result[i], 1e-4);
                }

                using var panels = new Panels(px, inputs, rows, inputs, threads);
                var sums = new float[pattern.Count];
                fixed (float* to = sums)
                    SparseProduct.Gradient(panels, py, outputs, pattern.ByRow, to, false, threads);
                var gradient = new float[mask.Length];
                fixed (float* from = sums, to = gradient)
                    pattern.AddTo(to, from);
                for (int i = 0; i < gradient.Length; i++)
                    Assert.AreEqual(mask[i] * Gradient(i), gradient[i], 1e-4);
            }
        }
    }

    [TestMethod]
    public void ColumnsOfAPatternAreThePatternOfThoseColumns()
    {
        float[] mask = [1, 0, 1, 1, 0, 1, 1, 0, 0, 0, 1, 1];
        ConnectionPattern slice = new MatrixConnections(mask, 1, 3, 4).Columns(1, 2);
        Assert.AreEqual(4, slice.Count);
        CollectionAssert.AreEqual((int[])[1, 0, 1, 1], (int[])[.. Enumerable.Range(0, 4).Select(k => slice.ByRow.Indices[k])]);
        var parameter = new float[12];
        float[] values = [1, 2, 3, 4], gathered = new float[4];
        fixed (float* from = values, to = parameter, back = gathered)
        {
            slice.AddTo(to, from);
            slice.Gather(to, back, 1);
        }

        CollectionAssert.AreEqual((float[])[0, 0, 1, 0, 0, 2, 3, 0, 0, 0, 4, 0], parameter);
        CollectionAssert.AreEqual(values, gathered);
    }

    private static float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
}
