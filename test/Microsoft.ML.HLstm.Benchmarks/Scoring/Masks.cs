namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>Makes masks.</summary>
internal static class Masks
{
    private const int BlockRows = 16, WindowColumns = 32;

    /// <summary>Sparsity and pattern; a balanced mask has the number of 32 that comes next to the density.</summary>
    public static string Describe(MaskPattern pattern, double density) => pattern switch
    {
        MaskPattern.Balanced => $"balanced, {BalancedCount(density)} of {WindowColumns}",
        MaskPattern.Blocks => $"{100 * (1 - density):F0} %, {BlockRows}x1 blocks",
        _ => $"{100 * (1 - density):F0} %, unstructured",
    };

    /// <summary>[rows * columns], true where a connection is active.</summary>
    public static bool[] Make(MaskPattern pattern, int rows, int columns, double density, Random random)
    {
        bool[] mask = new bool[rows * columns];
        if (pattern == MaskPattern.Balanced && density < 1)
            Balance(mask, rows, columns, density, random);
        else
            Scatter(mask, rows, columns, density, pattern == MaskPattern.Blocks ? BlockRows : 1, random);
        return mask;
    }

    private static void Scatter(bool[] mask, int rows, int columns, double density, int blockRows, Random random)
    {
        for (int row = 0; row < rows; row += blockRows)
        {
            for (int column = 0; column < columns; column++)
            {
                if (random.NextDouble() >= density)
                    continue;
                for (int i = row; i < Math.Min(rows, row + blockRows); i++)
                    mask[(i * columns) + column] = true;
            }
        }
    }

    private static void Balance(bool[] mask, int rows, int columns, double density, Random random)
    {
        int count = BalancedCount(density);
        int[] places = [.. Enumerable.Range(0, WindowColumns)];
        for (int row = 0; row < rows; row++)
        {
            for (int start = 0; start < columns; start += WindowColumns)
            {
                random.Shuffle(places);
                foreach (int place in places.AsSpan(0, count))
                {
                    if (start + place < columns)
                        mask[(row * columns) + start + place] = true;
                }
            }
        }
    }

    private static int BalancedCount(double density) => Math.Max(1, (int)Math.Round(density * WindowColumns));
}
