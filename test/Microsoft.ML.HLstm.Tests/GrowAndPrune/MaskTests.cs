using Microsoft.ML.HLstm.GrowAndPrune;

namespace Microsoft.ML.HLstm.Tests.GrowAndPrune;

[TestClass]
public class MaskTests
{
    [TestMethod]
    [DataRow(0.01)]
    [DataRow(0.2)]
    [DataRow(1.0)]
    public void A_seed_has_the_density_and_leaves_no_unit_alone(double density)
    {
        var matrix = new MaskedMatrix("m", 2, 37, 53);
        Seeding.Random(matrix, density, new Random(1));

        Assert.IsGreaterThanOrEqualTo((int)Math.Round(density * matrix.Count), matrix.ActiveCount);
        Assert.IsLessThanOrEqualTo((int)Math.Round(density * matrix.Count) + 2 * (37 + 53), matrix.ActiveCount);
        Assert.AreEqual(matrix.Mask.Sum(), matrix.ActiveCount);
        for (int block = 0; block < 2; block++)
        {
            for (int row = 0; row < 37; row++)
                Assert.IsTrue(Enumerable.Range(0, 53).Any(column => matrix.Mask[(block * 37 + row) * 53 + column] == 1), $"row {row}");
            for (int column = 0; column < 53; column++)
                Assert.IsTrue(Enumerable.Range(0, 37).Any(row => matrix.Mask[(block * 37 + row) * 53 + column] == 1), $"column {column}");
        }
    }

    [TestMethod]
    public void Growth_activates_exactly_the_dormant_connections_with_the_largest_gradients()
    {
        var random = new Random(2);
        var matrix = new MaskedMatrix("m", 1, 20, 30);
        Seeding.Random(matrix, 0.4, random);
        float[] before = [.. matrix.Mask];
        float[] gradient = [.. before.Select(_ => (float)(random.NextDouble() - 0.5))];

        int grown = Growth.Activate(matrix, Growth.Scores(GrowthCriterion.Gradient, gradient, random), 0.25);

        int dormant = before.Count(value => value == 0);
        Assert.AreEqual((int)Math.Round(0.25 * dormant), grown);
        int[] expected = [.. Enumerable.Range(0, before.Length).Where(i => before[i] == 0).OrderByDescending(i => Math.Abs(gradient[i])).Take(grown).Order()];
        int[] actual = [.. Enumerable.Range(0, before.Length).Where(i => before[i] == 0 && matrix.Mask[i] == 1)];
        CollectionAssert.AreEqual(expected, actual);
        Assert.AreEqual(before.Length - dormant + grown, matrix.ActiveCount);
    }

    [TestMethod]
    public void Ties_do_not_change_how_many_connections_grow()
    {
        var matrix = new MaskedMatrix("m", 1, 10, 10);
        for (int i = 0; i < 100; i++)
            matrix.Deactivate(i);

        Growth.Activate(matrix, new float[100], 0.3);

        Assert.AreEqual(30, matrix.ActiveCount);
        Assert.IsTrue(matrix.Mask.AsSpan(0, 30).IndexOf(0f) < 0, "the first ones among equals");
    }

    [TestMethod]
    public void Pruning_removes_exactly_the_smallest_active_weights()
    {
        var random = new Random(3);
        var matrix = new MaskedMatrix("m", 1, 25, 40);
        Seeding.Random(matrix, 0.5, random);
        float[] before = [.. matrix.Mask];
        float[] weights = [.. before.Select(value => value * (float)(random.NextDouble() - 0.5))];
        int active = matrix.ActiveCount;

        int removed = Pruning.Magnitude(matrix, weights, 0.3, target: 0.01);

        Assert.AreEqual((int)Math.Round(0.3 * active), removed);
        int[] expected = [.. Enumerable.Range(0, before.Length).Where(i => before[i] == 1).OrderBy(i => Math.Abs(weights[i])).Take(removed).Order()];
        int[] actual = [.. Enumerable.Range(0, before.Length).Where(i => before[i] == 1 && matrix.Mask[i] == 0)];
        CollectionAssert.AreEqual(expected, actual);
    }

    [TestMethod]
    public void Pruning_stops_at_what_is_to_be_left()
    {
        var matrix = new MaskedMatrix("m", 1, 10, 10);
        float[] weights = [.. Enumerable.Range(0, 100).Select(i => (float)i)];

        Assert.AreEqual(5, Pruning.Magnitude(matrix, weights, 0.5, target: 0.95));
        Assert.AreEqual(0, Pruning.Magnitude(matrix, weights, 0.5, target: 0.95));
        Assert.AreEqual(95, matrix.ActiveCount);
    }
}
