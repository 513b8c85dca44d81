namespace Microsoft.ML.HLstm.GrowAndPrune;

/// <summary>The sparse random start of grow-and-prune.</summary>
internal static class Seeding
{
    /// <summary>
    /// Leaves a random share <paramref name="density"/> of the connections active, and at least one input connection for
    /// every output unit and one output connection for every input unit.
    /// </summary>
    public static void Random(MaskedMatrix matrix, double density, Random random)
    {
        int[] order = new int[matrix.Count];
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
        random.Shuffle(order);
        int wanted = Math.Max(1, (int)Math.Round(density * matrix.Count));
        foreach (int connection in order.AsSpan(wanted))
            matrix.Deactivate(connection);
        for (int block = 0; block < matrix.Blocks; block++)
            ConnectUnits(matrix, block * matrix.Rows * matrix.Columns, random);
    }

    private static void ConnectUnits(MaskedMatrix matrix, int start, Random random)
    {
        for (int row = 0; row < matrix.Rows; row++)
        {
            int first = start + row * matrix.Columns;
            if (!matrix.Mask.AsSpan(first, matrix.Columns).Contains(1))
                matrix.Activate(first + random.Next(matrix.Columns));
        }

        var used = new bool[matrix.Columns];
        for (int i = 0; i < matrix.Rows * matrix.Columns; i++)
            used[i % matrix.Columns] |= matrix.Mask[start + i] != 0;
        for (int column = 0; column < matrix.Columns; column++)
        {
            if (!used[column])
                matrix.Activate(start + random.Next(matrix.Rows) * matrix.Columns + column);
        }
    }
}
