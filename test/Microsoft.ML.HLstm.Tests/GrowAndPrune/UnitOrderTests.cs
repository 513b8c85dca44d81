using Microsoft.ML.HLstm.GrowAndPrune;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Inference.Packing;

namespace Microsoft.ML.HLstm.Tests.GrowAndPrune;

[TestClass]
public class UnitOrderTests
{
    [TestMethod]
    [DataRow(0.05, 0.88)]
    [DataRow(0.02, 0.82)]
    public void Rows_with_connections_in_the_same_places_become_neighbours(double density, double share)
    {
        float[,] weight = Random(256, 320, density);

        int[] order = UnitOrder.Of(weight, 0, 16);

        CollectionAssert.AreEquivalent(Enumerable.Range(0, 256).ToArray(), order);
        CollectionAssert.AreEqual(order, UnitOrder.Of(weight, 0, 16));
        Assert.IsLessThan(share * Windows(weight, Enumerable.Range(0, 256)), Windows(weight, order));
    }

    [TestMethod]
    public void Columns_before_the_first_count_nothing()
    {
        float[,] weight = Random(64, 96, 0.1), other = (float[,])weight.Clone();
        for (int row = 0; row < 64; row++)
        {
            for (int column = 0; column < 32; column++)
                other[row, column] = 1;
        }

        CollectionAssert.AreEqual(UnitOrder.Of(weight, 32, 16), UnitOrder.Of(other, 32, 16));
    }

    [TestMethod]
    public void The_first_group_completes_a_slice_that_others_began()
    {
        // Rows with connections on the left, and four times as many on the right; the longest come first.
        var weight = new float[37, 64];
        for (int row = 0; row < 37; row++)
            weight[row, row % 5 == 0 ? 1 : 60] = weight[row, row % 5 == 0 ? 2 : 61] = 1;

        int[] order = UnitOrder.Of(weight, 0, 5);

        Assert.HasCount(1, order[..5].Select(row => row % 5 == 0).Distinct().ToArray());
        Assert.HasCount(1, order[5..21].Select(row => row % 5 == 0).Distinct().ToArray());
    }

    [TestMethod]
    [DataRow(256, 1.0)]
    [DataRow(16, 0.1)]
    [DataRow(0, 0.1)]
    public void What_is_dense_or_one_slice_keeps_its_order(int units, double density) =>
        CollectionAssert.AreEqual(Enumerable.Range(0, units).ToArray(), UnitOrder.Of(Random(units, 64, density), 0, 16));

    private static float[,] Random(int rows, int columns, double density)
    {
        var random = new Random(5);
        var weight = new float[rows, columns];
        for (int i = 0; i < weight.Length; i++)
            weight[i / columns, i % columns] = random.NextDouble() < density ? 1 : 0;
        return weight;
    }

    private static double Windows(float[,] weight, IEnumerable<int> order)
    {
        int columns = weight.GetLength(1);
        float[] values = [.. order.SelectMany(row => Enumerable.Range(0, columns).Select(column => weight[row, column]))];
        return new SlicePlan(new Connections(new WeightMatrix("ordered", values.Length / columns, columns, values)), 2, byLength: false).WindowCount;
    }
}
