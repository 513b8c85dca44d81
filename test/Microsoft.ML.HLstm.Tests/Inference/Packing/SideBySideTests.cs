using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Inference.Packing;

namespace Microsoft.ML.HLstm.Tests.Inference.Packing;

[TestClass]
public sealed class SideBySideTests
{
    [TestMethod]
    public void The_product_of_joined_matrices_is_the_sum_of_their_products()
    {
        var random = new RandomWeights(1);
        WeightMatrix left = random.Matrix("left", 7, 3, 0.5), right = random.Matrix("right", 7, 5, 0.5);
        double[] x = NaiveCell.Double(random.Vector(3)), h = NaiveCell.Double(random.Vector(5));
        WeightMatrix joined = SideBySide.Join(left, right);
        CollectionAssert.AreEqual(
            NaiveCell.Multiply(left, x).Zip(NaiveCell.Multiply(right, h), (a, b) => (float)(a + b)).ToArray(),
            NaiveCell.Multiply(joined, [.. x, .. h]).Select(value => (float)value).ToArray());
    }

    [TestMethod]
    public void Different_numbers_of_rows_are_refused_by_name()
    {
        var random = new RandomWeights(1);
        InvalidDataException error = Assert.ThrowsExactly<InvalidDataException>(
            () => SideBySide.Join(random.Matrix("left", 7, 3), random.Matrix("right", 6, 3)));
        StringAssert.Contains(error.Message, "right");
    }
}
