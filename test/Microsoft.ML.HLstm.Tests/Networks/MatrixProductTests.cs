using Microsoft.ML.HLstm.Networks.Kernels;

namespace Microsoft.ML.HLstm.Tests.Networks;

[TestClass]
public unsafe class MatrixProductTests
{
    [TestMethod]
    [DataRow(1, 1, 1)]
    [DataRow(5, 300, 31)]
    [DataRow(13, 37, 45)]
    [DataRow(64, 256, 128)]
    [DataRow(270, 520, 33)]
    [DataRow(259, 300, 260)]
    [DataRow(124, 257, 513)]
    public void AgreesWithSumsInDoublePrecision(int rows, int depth, int columns)
    {
        var random = new Random(1);
        float[] a = Values(random, rows * depth), b = Values(random, depth * columns), start = Values(random, rows * columns);
        var expected = new double[rows * columns];
        for (int i = 0; i < expected.Length; i++)
        {
            for (int k = 0; k < depth; k++)
                expected[i] += (double)a[i / columns * depth + k] * b[k * columns + i % columns];
        }

        float[] transposedA = Transposed(a, rows, depth), transposedB = Transposed(b, depth, columns);
        fixed (float* pa = a, pb = b, pta = transposedA, ptb = transposedB)
        {
            foreach (int threads in (int[])[1, 2])
            {
                foreach (bool accumulate in (bool[])[false, true])
                {
                    using PackedOperand byRows = PackedOperand.ByRows(pb, depth, columns, columns, threads), byColumns = PackedOperand.ByColumns(ptb, depth, columns, depth, threads);
                    float[][] results = [[.. start], [.. start], [.. start]];
                    fixed (float* first = results[0], second = results[1], third = results[2])
                    {
                        MatrixProduct.Multiply(pa, depth, rows, byRows, first, columns, accumulate, threads);
                        MatrixProduct.Multiply(pa, depth, rows, byColumns, second, columns, accumulate, threads);
                        MatrixProduct.MultiplyTransposed(pta, rows, rows, byRows, third, columns, accumulate, threads);
                    }

                    foreach (float[] result in results)
                    {
                        for (int i = 0; i < result.Length; i++)
                            Assert.AreEqual(expected[i] + (accumulate ? start[i] : 0), result[i], 1e-4);
                    }
                }
            }
        }
    }

    private static float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];

    private static float[] Transposed(float[] values, int rows, int columns) =>
        [.. Enumerable.Range(0, rows * columns).Select(i => values[i % rows * columns + i / rows])];
}
