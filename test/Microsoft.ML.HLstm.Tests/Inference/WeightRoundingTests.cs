using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tests.Inference;

[TestClass]
public sealed class WeightRoundingTests
{
    [TestMethod]
    [DataRow(0.0)]
    [DataRow(0.1)]
    [DataRow(1.0)]
    public void Eight_bits_are_the_nearest_of_127_steps_to_the_largest_weight_of_a_row(double density)
    {
        WeightMatrix matrix = new RandomWeights(5).Matrix("m", 30, 400, density);
        WeightMatrix rounded = matrix.At(WeightPrecision.Int8);
        Assert.AreEqual(matrix.ActiveConnections, rounded.ActiveConnections);
        for (int row = 0; row < matrix.Rows; row++)
        {
            double[] weights = NaiveCell.Double(matrix.Row(row));
            float[] back = rounded.Row(row).ToArray();
            double step = weights.Max(Math.Abs) / 127;
            Assert.AreEqual(step, rounded.RowScales.Span[row], 1e-6 * step);
            for (int column = 0; column < weights.Length; column++)
            {
                if (Math.Abs(weights[column]) < step / 2)
                    Assert.AreEqual(Math.Sign(weights[column]) * step, back[column], 1e-6 * step);
                else
                    Assert.AreEqual(weights[column], back[column], step * 0.50001);
            }
        }
    }

    [TestMethod]
    public void Each_row_has_its_own_scale()
    {
        var matrix = new WeightMatrix("m", 5, 2, [1000, -500, 1e-6f, 5e-7f, 0, 0, 1e-45f, 0, float.MaxValue, -float.MaxValue]);
        float[] back = matrix.At(WeightPrecision.Int8).Values;
        for (int index = 0; index < back.Length; index++)
            Assert.AreEqual(matrix.Values[index], back[index], Math.Abs((double)matrix.Values[index]) / 100);
        Assert.AreEqual(0f, matrix.At(WeightPrecision.Int8).RowScales.Span[2]);
    }

    [TestMethod]
    public void What_has_been_rounded_is_not_rounded_any_further()
    {
        foreach (WeightPrecision precision in Enum.GetValues<WeightPrecision>())
        {
            WeightMatrix rounded = new RandomWeights(6).Matrix("m", 20, 50, 0.4).At(precision);
            Assert.AreSame(rounded, rounded.At(precision));
            float[] again = rounded.At(WeightPrecision.Single).At(precision).Values;
            for (int index = 0; index < again.Length; index++)
                Assert.AreEqual(rounded.Values[index], again[index], 1e-6 * Math.Abs(rounded.Values[index]));
        }
    }

    [TestMethod]
    [DataRow(float.NaN, WeightPrecision.Int8)]
    [DataRow(float.NegativeInfinity, WeightPrecision.Int8)]
    [DataRow(float.NaN, WeightPrecision.Half)]
    [DataRow(65_530f, WeightPrecision.Half)]
    public void A_weight_that_cannot_be_rounded_names_its_matrix(float weight, WeightPrecision precision)
    {
        var matrix = new WeightMatrix("named", 1, 3, [1, weight, -2]);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => matrix.At(precision)).Message, "'named'");
    }
}
