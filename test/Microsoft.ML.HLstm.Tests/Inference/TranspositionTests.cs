using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tests.Inference;

[TestClass]
public unsafe class TranspositionTests
{
    [TestMethod]
    [DataRow(3, 5)]
    [DataRow(16, 32)]
    [DataRow(37, 50)]
    public void The_transpose_is_written_and_nothing_else(int rows, int columns)
    {
        var random = new Random(1);
        int stride = rows + 3;
        float[] from = Values(random, rows * columns), start = Values(random, columns * stride);
        foreach (bool accumulate in (bool[])[false, true])
        {
            float[] to = [.. start];
            fixed (float* source = from, target = to)
                Transposition.Run(source, columns, rows, columns, target, stride, accumulate);
            for (int i = 0; i < to.Length; i++)
            {
                float before = i % stride >= rows || accumulate ? start[i] : 0, added = i % stride < rows ? from[i % stride * columns + i / stride] : 0;
                Assert.AreEqual(before + added, to[i]);
            }
        }
    }

    [TestMethod]
    [DataRow(1, 8)]
    [DataRow(7, 8)]
    [DataRow(40, 48)]
    public void Vectors_put_into_lanes_come_back(int count, int lanes)
    {
        float[] vectors = Values(new Random(2), count * 19), side = new float[19 * lanes], back = new float[vectors.Length], one = new float[19];
        Lanes.PutAll(vectors, count, side, lanes);
        Lanes.Take(side, lanes, count - 1, one);
        CollectionAssert.AreEqual(vectors[^19..], one);
        Lanes.TakeAll(side, lanes, back, 19, count, 19);
        CollectionAssert.AreEqual(vectors, back);
        float[] apart = new float[(count * 23) - 4];
        Lanes.TakeAll(side, lanes, apart, 23, count, 19);
        for (int vector = 0; vector < count; vector++)
            CollectionAssert.AreEqual(vectors[(vector * 19)..((vector + 1) * 19)], apart[(vector * 23)..((vector * 23) + 19)]);
    }

    private static float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
}
