namespace Microsoft.ML.HLstm.GrowAndPrune;

/// <summary>The sparse random start of grow-and-prune.</summary>
internal static class Seeding
{
    /// <summary>
    /// Leaves a random share <paramref name="density"/> of the cells active, and at least one input connection for every
    /// output unit and one output connection for every input unit: further cells for those that have none, or, where every
    /// group has its number, a cell in place of another. There an input unit stays alone when there are fewer connections
    /// than units.
    /// </summary>
    public static void Random(MaskedMatrix matrix, double density, Random random)
    {
        PatternLayout layout = matrix.Layout;
        int[] order = new int[layout.Cells];
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
        random.Shuffle(order);
        var scores = new double[order.Length];
        for (int i = 0; i < order.Length; i++)
            scores[order[i]] = -i;
        Selection.Adjust(matrix, Math.Max(1, (int)Math.Round(density * layout.Levels)), scores);
        for (int block = 0; block < matrix.Blocks; block++)
            ConnectUnits(matrix, block * matrix.Rows * matrix.Columns, random);
    }

    private static void ConnectUnits(MaskedMatrix matrix, int start, Random random)
    {
        for (int row = 0; row < matrix.Rows; row++)
        {
            int first = start + row * matrix.Columns;
            if (!matrix.Mask.AsSpan(first, matrix.Columns).Contains(1))
                matrix.SetCell(matrix.Layout.CellOf(first + random.Next(matrix.Columns)), active: true);
        }

        var uses = new int[matrix.Columns];
        for (int i = 0; i < matrix.Rows * matrix.Columns; i++)
            uses[i % matrix.Columns] += matrix.Mask[start + i] != 0 ? 1 : 0;
        for (int column = 0; column < matrix.Columns; column++)
        {
            if (uses[column] > 0)
                continue;
            int row = random.Next(matrix.Rows);
            if (matrix.Pattern == SparsityPattern.Balanced32)
                Exchange(matrix, start, row, column, uses);
            else
                matrix.SetCell(matrix.Layout.CellOf(start + row * matrix.Columns + column), active: true);
        }
    }

    /// <summary>
    /// Connects a column in place of another one of its group that has more than one connection, in the first row from
    /// <paramref name="row"/> on that has such a one.
    /// </summary>
    private static void Exchange(MaskedMatrix matrix, int start, int row, int column, int[] uses)
    {
        int from = column / PatternLayout.BalancedColumns * PatternLayout.BalancedColumns;
        int to = Math.Min(matrix.Columns, from + PatternLayout.BalancedColumns);
        for (int i = 0; i < matrix.Rows; i++)
        {
            int first = start + (row + i) % matrix.Rows * matrix.Columns;
            for (int other = from; other < to; other++)
            {
                if (uses[other] < 2 || !matrix.Deactivate(first + other))
                    continue;
                matrix.Activate(first + column);
                (uses[other], uses[column]) = (uses[other] - 1, 1);
                return;
            }
        }
    }
}
