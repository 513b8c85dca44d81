using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tests.Inference.Packing;

/// <summary>Matrices with the masks that layouts are made for.</summary>
internal static class RandomMasks
{
    private const int BlockRows = 16;
    private const int GroupColumns = 32;
    private static readonly string[] _masks = ["free", "skewed", "blocks", "balanced"];
    private static readonly double[] _densities = [0, 0.01, 0.05, 0.2, 0.6, 1];

    /// <summary>Any shape, mask and density; some have one row or column, some rows are empty.</summary>
    public static WeightMatrix Any(Random random) => Of(
        _masks[random.Next(_masks.Length)], random, Side(random, 50), Side(random, 150), _densities[random.Next(_densities.Length)]);

    /// <summary>A matrix with this mask.</summary>
    public static WeightMatrix Of(string mask, Random random, int rows, int columns, double density)
    {
        double[] rowDensity = [.. Enumerable.Range(0, rows).Select(_ => density * 2 * Math.Pow(random.NextDouble(), 2))];
        bool[] block = [.. Enumerable.Range(0, (rows + BlockRows) / BlockRows * columns).Select(_ => random.NextDouble() < density)];
        int[] offsets = [.. Enumerable.Range(0, GroupColumns)];
        float[] values = new float[rows * columns];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                if (column % GroupColumns == 0)
                    random.Shuffle(offsets);
                bool active = mask switch
                {
                    "skewed" => random.NextDouble() < rowDensity[row],
                    "blocks" => block[(row / BlockRows * columns) + column],
                    "balanced" => offsets[column % GroupColumns] < density * GroupColumns,
                    _ => random.NextDouble() < density,
                };
                values[(row * columns) + column] = active ? Weight(random) : 0;
            }
        }

        return new WeightMatrix(mask, rows, columns, values);
    }

    private static int Side(Random random, int largest) => random.Next(4) == 0 ? random.Next(3) : random.Next(largest);

    private static float Weight(Random random) =>
        (random.Next(2) == 0 ? -1 : 1) * (float)Math.Pow(2, (random.NextDouble() * 10) - 10);
}
