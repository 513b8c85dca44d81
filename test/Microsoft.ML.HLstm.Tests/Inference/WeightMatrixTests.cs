using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tests.Inference;

[TestClass]
public sealed class WeightMatrixTests
{
    [TestMethod]
    [DataRow(WeightPrecision.Single)]
    [DataRow(WeightPrecision.Half)]
    [DataRow(WeightPrecision.Int8)]
    public void Rows_and_values_are_the_same_numbers(WeightPrecision precision)
    {
        WeightMatrix matrix = new RandomWeights(3).Matrix("m", 7, 19, 0.5).At(precision);
        Assert.AreEqual(precision, matrix.Precision);
        float[] values = matrix.Values;
        Assert.HasCount(matrix.Count, values);
        Assert.AreEqual(values.Count(value => value != 0f), matrix.ActiveConnections);
        float[] copy = new float[19];
        for (int row = 0; row < 7; row++)
        {
            matrix.CopyRow(row, copy);
            CollectionAssert.AreEqual(values[(row * 19)..((row + 1) * 19)], copy);
            CollectionAssert.AreEqual(copy, matrix.Row(row).ToArray());
        }
    }

    [TestMethod]
    public void A_weight_is_the_scale_of_its_row_times_its_level()
    {
        var matrix = new WeightMatrix("m", 2, 3, [127, 0, -1, 2, -127, 0], [0.5f, 0.25f]);
        CollectionAssert.AreEqual(new[] { 63.5f, 0, -0.5f, 0.5f, -31.75f, 0 }, matrix.Values);
        Assert.AreEqual(4, matrix.ActiveConnections);
        CollectionAssert.AreEqual(new[] { 0.5f, 0.25f }, matrix.RowScales.ToArray());
    }

    [TestMethod]
    [DoNotParallelize]
    public void Copying_a_row_allocates_nothing()
    {
        float[] row = new float[64];
        foreach (WeightPrecision precision in Enum.GetValues<WeightPrecision>())
        {
            WeightMatrix matrix = new RandomWeights(1).Matrix("m", 4, 64).At(precision);
            matrix.CopyRow(0, row);
            long before = GC.GetAllocatedBytesForCurrentThread();
            matrix.CopyRow(3, row);
            Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    [TestMethod]
    public void Numbers_that_do_not_fill_the_shape_are_refused_by_name()
    {
        foreach (Func<WeightMatrix> make in new Func<WeightMatrix>[]
        {
            () => new WeightMatrix("named", 2, 3, new Half[5]),
            () => new WeightMatrix("named", 2, 3, new sbyte[7], new float[2]),
            () => new WeightMatrix("named", 2, 3, new sbyte[6], new float[3]),
        })
            StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => make()).Message, "'named'");
    }
}
