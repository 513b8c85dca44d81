using Microsoft.ML.HLstm.GrowAndPrune;

namespace Microsoft.ML.HLstm.Tests.GrowAndPrune;

/// <summary>What the patterns are, said a second time: by grouping the coordinates of connections.</summary>
internal static class Patterns
{
    /// <summary>The groups of a pattern, each a list of cells, each the connections that come and go together.</summary>
    public static int[][][] Groups(SparsityPattern pattern, int blocks, int rows, int columns) =>
        [.. from connection in Enumerable.Range(0, blocks * rows * columns)
            let row = connection / columns
            let column = connection % columns
            group connection by pattern == SparsityPattern.Balanced32 ? (row, column / 32) : (0, 0) into g
            select g.GroupBy(connection => pattern == SparsityPattern.Blocks16x1
                ? (connection / columns / rows, connection / columns % rows / 16, connection % columns)
                : (connection, 0, 0)).Select(cell => cell.ToArray()).ToArray()];

    /// <summary>The groups of a matrix.</summary>
    public static int[][][] Groups(MaskedMatrix matrix) => Groups(matrix.Pattern, matrix.Blocks, matrix.Rows, matrix.Columns);

    /// <summary>Active cells of a group of <paramref name="count"/> at a level of so many in the first group.</summary>
    public static int Share(int level, int count, int levels) =>
        count == levels ? level : Math.Max(1, (int)Math.Floor(0.5 + (double)level * count / levels));

    /// <summary>Fails unless every cell is active or dormant, and every group has its number of active ones.</summary>
    public static void AssertHold(MaskedMatrix matrix)
    {
        int[][][] groups = Groups(matrix);
        int level = groups[0].Count(cell => matrix.Mask[cell[0]] != 0);
        foreach (int[][] group in groups)
        {
            foreach (int[] cell in group)
                Assert.IsTrue(cell.All(connection => matrix.Mask[connection] == matrix.Mask[cell[0]]), $"{matrix.Name}: a cell is torn");
            Assert.AreEqual(Share(level, group.Length, groups[0].Length), group.Count(cell => matrix.Mask[cell[0]] != 0), matrix.Name);
        }
    }
}
