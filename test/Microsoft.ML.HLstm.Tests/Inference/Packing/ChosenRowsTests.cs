using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Inference.Packing;

namespace Microsoft.ML.HLstm.Tests.Inference.Packing;

[TestClass]
public sealed class ChosenRowsTests
{
    [TestMethod]
    [DataRow("Portable")]
    [DataRow("Avx2")]
    [DataRow("Avx512")]
    public void Outputs_are_those_of_the_formula(string set)
    {
        InstructionSet instructions = Enum.Parse<InstructionSet>(set);
        if (!InstructionSets.Supports(instructions))
            return;
        var random = new Random(3);
        for (int trial = 0; trial < 200; trial++)
        {
            int rows = random.Next(1, 40), columns = random.Next(1, 70), count = random.Next(1, 13);
            var weights = new RandomWeights(trial);
            var layer = new DenseLayer(weights.Matrix("w", rows, columns, density: trial % 2 == 0 ? 1 : 0.3), weights.Vector(rows));
            int[] chosen = [.. Enumerable.Range(0, rows).Where(_ => random.Next(3) > 0)];
            int xStride = columns + random.Next(4), yStride = chosen.Length + random.Next(4);
            float[] x = weights.Vector(count * xStride), y = new float[count * Math.Max(1, yStride)];
            Array.Fill(y, 77);
            new ChosenRows(layer).ApplyEach(chosen, x, xStride, y, yStride, count, instructions);
            for (int at = 0; at < y.Length; at++)
            {
                int vector = at / Math.Max(1, yStride), place = at % Math.Max(1, yStride);
                if (place >= chosen.Length)
                {
                    Assert.AreEqual(77f, y[at]);
                    continue;
                }

                int row = chosen[place];
                double expected = layer.Bias[row] + Enumerable.Range(0, columns).Sum(c => (double)layer.Weight.Values[(row * columns) + c] * x[(vector * xStride) + c]);
                Assert.AreEqual(expected, y[at], 1e-4, $"trial {trial}, vector {vector}, row {row}");
            }
        }
    }

    [TestMethod]
    public void Arrays_that_are_too_short_are_refused()
    {
        var weights = new RandomWeights(1);
        var layer = new ChosenRows(new DenseLayer(weights.Matrix("w", 9, 6), weights.Vector(9)));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => layer.ApplyEach([0, 3], new float[11], 6, new float[4], 2, 2, InstructionSet.Portable));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => layer.ApplyEach([0, 3], new float[12], 6, new float[3], 2, 2, InstructionSet.Portable));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => layer.ApplyEach([0, 3], new float[12], 6, new float[4], 1, 2, InstructionSet.Portable));
    }
}
