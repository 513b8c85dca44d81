using System.Runtime.CompilerServices;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Inference.Packing;

namespace Microsoft.ML.HLstm.GrowAndPrune;

/// <summary>
/// An order of the units of a hidden layer, which has none of its own, in which 16 neighbours have their connections in the same places:
/// scoring reads the inputs of 16 rows at a time through a window, and a row with fewer connections there waits for the others. Units are taken
/// one by one, each time the one with which a group needs the fewest windows.
/// </summary>
internal static class UnitOrder
{
    // So many times a group is tried with one unit more: each time with as many of those left, those with the most connections first.
    private const int Tries = 1 << 17, FewestCandidates = 32;
    private const int StepsOfWindow = 2;

    // Denser matrices are multiplied column by column.
    private const double MostDense = 0.4;

    /// <summary>Orders the rows of a matrix.</summary>
    /// <param name="weight">(rows, columns); zeros are no connections.</param>
    /// <param name="firstColumn">Connections of columns before are read otherwise and count nothing.</param>
    /// <param name="firstGroup">Rows of the first group, which shares its slice with rows of another matrix; 16 if it does not.</param>
    [MethodImpl(Compiled.AtOnce)]
    public static int[] Of(float[,] weight, int firstColumn, int firstGroup)
    {
        int units = weight.GetLength(0), columns = weight.GetLength(1) - firstColumn;
        int[][] connections = new int[units][];
        for (int unit = 0; unit < units; unit++)
            connections[unit] = [.. Enumerable.Range(0, columns).Where(column => weight[unit, firstColumn + column] != 0)];
        int[] order = [.. Enumerable.Range(0, units)];
        if (units <= SlicePlan.Rows || connections.Sum(row => (long)row.Length) > MostDense * units * columns)
            return order;
        int candidates = Math.Max(FewestCandidates, Tries / units);
        var left = new List<int>(order.OrderByDescending(unit => connections[unit].Length));
        int[][] group = new int[SlicePlan.Rows][];
        for (int at = 0, size = firstGroup; left.Count > 0; size = SlicePlan.Rows)
        {
            for (int count = 0; count < size && left.Count > 0; count++)
            {
                int best = 0, fewest = int.MaxValue;
                for (int candidate = 0; candidate < Math.Min(count == 0 ? 1 : candidates, left.Count); candidate++)
                {
                    group[count] = connections[left[candidate]];
                    int windows = Windows(group.AsSpan(0, count + 1), columns);
                    if (windows < fewest)
                        (best, fewest) = (candidate, windows);
                }

                order[at++] = left[best];
                group[count] = connections[left[best]];
                left.RemoveAt(best);
            }
        }

        return order;
    }

    /// <summary>The windows that <see cref="SlicePlan"/> fills with some rows.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private static int Windows(ReadOnlySpan<int[]> rows, int columns)
    {
        Span<int> next = stackalloc int[SlicePlan.Rows];
        next.Clear();
        int lastStart = Math.Max(0, columns - SlicePlan.WindowColumns);
        for (int windows = 0; ; windows++)
        {
            int start = int.MaxValue;
            for (int i = 0; i < rows.Length; i++)
            {
                if (next[i] < rows[i].Length)
                    start = Math.Min(start, rows[i][next[i]]);
            }

            if (start == int.MaxValue)
                return windows;
            int end = Math.Min(start & -SlicePlan.Rows, lastStart) + SlicePlan.WindowColumns;
            for (int i = 0; i < rows.Length; i++)
            {
                int[] row = rows[i];
                int index = next[i];
                for (int step = 0; step < StepsOfWindow && index < row.Length && row[index] < end; step++)
                    index++;
                next[i] = index;
            }
        }
    }
}
