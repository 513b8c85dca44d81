using Microsoft.ML.HLstm.GrowAndPrune;

namespace Microsoft.ML.HLstm.Tests.GrowAndPrune;

[TestClass]
public class PatternTests
{
    [TestMethod]
    [DataRow(SparsityPattern.Blocks16x1, 0.02)]
    [DataRow(SparsityPattern.Blocks16x1, 0.3)]
    [DataRow(SparsityPattern.Blocks16x1, 1.0)]
    [DataRow(SparsityPattern.Balanced32, 0.02)]
    [DataRow(SparsityPattern.Balanced32, 0.3)]
    [DataRow(SparsityPattern.Balanced32, 1.0)]
    public void A_seed_has_the_pattern_and_leaves_no_unit_alone(SparsityPattern pattern, double density)
    {
        var matrix = new MaskedMatrix("m", 2, 37, 53, pattern);
        Seeding.Random(matrix, density, new Random(1));

        Patterns.AssertHold(matrix);
        Assert.AreEqual(matrix.Mask.Sum(), matrix.ActiveCount);
        int[][][] groups = Patterns.Groups(matrix);
        int wanted = Math.Max(1, (int)Math.Round(density * groups[0].Length));
        Assert.IsGreaterThanOrEqualTo(wanted, matrix.Level);
        Assert.IsLessThanOrEqualTo(pattern == SparsityPattern.Balanced32 ? wanted : wanted + 2 * (37 + 53), matrix.Level);
        for (int block = 0; block < 2; block++)
        {
            for (int row = 0; row < 37; row++)
                Assert.IsTrue(Enumerable.Range(0, 53).Any(column => matrix.Mask[(block * 37 + row) * 53 + column] == 1), $"row {row}");
            for (int column = 0; column < 53; column++)
                Assert.IsTrue(Enumerable.Range(0, 37).Any(row => matrix.Mask[(block * 37 + row) * 53 + column] == 1), $"column {column}");
        }
    }

    [TestMethod]
    public void A_balanced_seed_connects_as_many_columns_as_it_has_connections()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var matrix = new MaskedMatrix("m", 1, 7, 40, SparsityPattern.Balanced32);
            Seeding.Random(matrix, 1 / 32.0, new Random(seed));

            Patterns.AssertHold(matrix);
            Assert.HasCount(7, Enumerable.Range(0, 280).Where(i => i % 40 < 32 && matrix.Mask[i] == 1).Select(i => i % 40).Distinct().ToArray());
            Assert.HasCount(7, Enumerable.Range(0, 280).Where(i => i % 40 >= 32 && matrix.Mask[i] == 1).Select(i => i % 40).Distinct().ToArray());
        }
    }

    [TestMethod]
    [DataRow(SparsityPattern.Blocks16x1, 48, 20)]
    [DataRow(SparsityPattern.Blocks16x1, 37, 53)]
    [DataRow(SparsityPattern.Blocks16x1, 5, 7)]
    [DataRow(SparsityPattern.Balanced32, 20, 64)]
    [DataRow(SparsityPattern.Balanced32, 37, 53)]
    [DataRow(SparsityPattern.Balanced32, 5, 7)]
    public void Growth_activates_exactly_the_dormant_cells_with_the_largest_sums_of_gradients(SparsityPattern pattern, int rows, int columns)
    {
        var random = new Random(2);
        var matrix = new MaskedMatrix("m", 2, rows, columns, pattern);
        Seeding.Random(matrix, 0.4, random);
        float[] before = [.. matrix.Mask], gradient = [.. before.Select(_ => (float)(random.NextDouble() - 0.5))];
        int[][][] groups = Patterns.Groups(matrix);
        int level = matrix.Level, raised = level + Math.Max(1, (int)Math.Round(0.25 * (groups[0].Length - level)));

        int grown = Growth.Activate(matrix, Growth.Scores(GrowthCriterion.Gradient, gradient, random), 0.25);

        Patterns.AssertHold(matrix);
        Assert.AreEqual(matrix.Mask.Sum() - before.Sum(), grown);
        foreach (int[][] group in groups)
        {
            int more = Patterns.Share(raised, group.Length, groups[0].Length) - group.Count(cell => before[cell[0]] == 1);
            int[] expected = [.. group.Where(cell => before[cell[0]] == 0).OrderByDescending(cell => cell.Sum(i => Math.Abs((double)gradient[i]))).Take(more).SelectMany(cell => cell).Order()];
            int[] actual = [.. group.SelectMany(cell => cell).Where(i => before[i] == 0 && matrix.Mask[i] == 1).Order()];
            CollectionAssert.AreEqual(expected, actual);
        }
    }

    [TestMethod]
    [DataRow(SparsityPattern.Blocks16x1, 48, 20)]
    [DataRow(SparsityPattern.Blocks16x1, 37, 53)]
    [DataRow(SparsityPattern.Balanced32, 20, 64)]
    [DataRow(SparsityPattern.Balanced32, 37, 53)]
    [DataRow(SparsityPattern.Balanced32, 5, 7)]
    public void Pruning_removes_exactly_the_active_cells_with_the_smallest_sums_of_magnitudes(SparsityPattern pattern, int rows, int columns)
    {
        var random = new Random(3);
        var matrix = new MaskedMatrix("m", 2, rows, columns, pattern);
        Seeding.Random(matrix, 0.6, random);
        float[] before = [.. matrix.Mask], weights = [.. before.Select(value => value * (float)(random.NextDouble() - 0.5))];
        int[][][] groups = Patterns.Groups(matrix);
        int level = matrix.Level, lowered = level - Math.Max(1, (int)Math.Round(0.3 * level));

        int removed = Pruning.Magnitude(matrix, weights, 0.3, target: 0.01);

        Patterns.AssertHold(matrix);
        Assert.AreEqual(before.Sum() - matrix.Mask.Sum(), removed);
        foreach (int[][] group in groups)
        {
            int fewer = group.Count(cell => before[cell[0]] == 1) - Patterns.Share(lowered, group.Length, groups[0].Length);
            int[] expected = [.. group.Where(cell => before[cell[0]] == 1).OrderBy(cell => cell.Sum(i => Math.Abs((double)weights[i]))).Take(fewer).SelectMany(cell => cell).Order()];
            int[] actual = [.. group.SelectMany(cell => cell).Where(i => before[i] == 1 && matrix.Mask[i] == 0).Order()];
            CollectionAssert.AreEqual(expected, actual);
        }
    }

    [TestMethod]
    public void Ties_go_to_the_first_cells()
    {
        var blocks = new MaskedMatrix("m", 1, 32, 10, SparsityPattern.Blocks16x1);
        var balanced = new MaskedMatrix("m", 1, 3, 32, SparsityPattern.Balanced32);

        Pruning.Magnitude(blocks, new float[320], 0.25, target: 0.1);
        Pruning.Magnitude(balanced, new float[96], 0.25, target: 0.1);

        Assert.AreEqual(320 - 5 * 16, blocks.ActiveCount);
        Assert.IsTrue(Enumerable.Range(0, 320).All(i => blocks.Mask[i] == (i < 160 && i % 10 < 5 ? 0 : 1)));
        Assert.IsTrue(Enumerable.Range(0, 96).All(i => balanced.Mask[i] == (i % 32 < 8 ? 0 : 1)));
    }

    [TestMethod]
    [DataRow(0.05, 2)]
    [DataRow(0.0625, 2)]
    [DataRow(0.06, 2)]
    [DataRow(0.001, 1)]
    [DataRow(0.5, 16)]
    public void Balanced_pruning_ends_at_the_next_whole_number_of_connections(double target, int expected)
    {
        var matrix = new MaskedMatrix("m", 1, 10, 64, SparsityPattern.Balanced32);
        int rounds = 0;
        while (!Pruning.HasReached(matrix, target))
        {
            Assert.IsGreaterThan(0, Pruning.Magnitude(matrix, new float[640], 0.2, target));
            Assert.IsLessThan(30, ++rounds);
        }

        Assert.AreEqual(expected * 20, matrix.ActiveCount);
        Assert.AreEqual(0, Pruning.Magnitude(matrix, new float[640], 0.2, target));
    }

    [TestMethod]
    [DataRow(SparsityPattern.Blocks16x1)]
    [DataRow(SparsityPattern.Balanced32)]
    public void A_mask_takes_a_pattern_without_losing_a_connection_and_with_no_more_than_it_needs(SparsityPattern pattern)
    {
        var matrix = new MaskedMatrix("m", 2, 37, 53);
        Seeding.Random(matrix, 0.1, new Random(4));
        float[] before = [.. matrix.Mask];

        matrix.Take(pattern);

        Patterns.AssertHold(matrix);
        Assert.IsTrue(Enumerable.Range(0, before.Length).All(i => before[i] <= matrix.Mask[i]));
        int[][][] groups = Patterns.Groups(matrix);
        if (pattern == SparsityPattern.Blocks16x1)
            Assert.AreEqual(groups[0].Count(cell => cell.Any(i => before[i] == 1)), matrix.Level);
        else
            Assert.IsTrue(groups.Any(group => group.Count(cell => before[cell[0]] == 1) > Patterns.Share(matrix.Level - 1, group.Length, 32)));
        int active = matrix.ActiveCount;
        matrix.Take(pattern);
        Assert.AreEqual(active, matrix.ActiveCount);
    }
}
