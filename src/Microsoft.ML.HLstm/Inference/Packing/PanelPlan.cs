using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>Which columns each panel of 16 rows keeps.</summary>
internal sealed class PanelPlan
{
    /// <summary>Rows of a panel: those of one 512-bit vector.</summary>
    public const int Rows = 16;

    /// <summary>Finds the columns in which a panel has any connection.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public PanelPlan(WeightMatrix matrix)
    {
        Panels = (matrix.Rows + Rows - 1) / Rows;
        Starts = new int[Panels + 1];
        ColumnStarts = new int[Panels];
        // Panels without an empty column share the list that comes first.
        List<int> columns = [.. Enumerable.Range(0, matrix.Columns)];
        int[] used = new int[matrix.Columns];
        // Without the sign, so that neither zero counts.
        var magnitude = new Vector<int>(int.MaxValue);
        for (int panel = 0; panel < Panels; panel++)
        {
            Array.Clear(used);
            for (int row = panel * Rows; row < Math.Min(matrix.Rows, (panel + 1) * Rows); row++)
            {
                ReadOnlySpan<int> bits = MemoryMarshal.Cast<float, int>(matrix.Row(row));
                int column = 0;
                for (; column <= bits.Length - Vector<int>.Count; column += Vector<int>.Count)
                    (new Vector<int>(used, column) | (new Vector<int>(bits[column..]) & magnitude)).CopyTo(used, column);
                for (; column < bits.Length; column++)
                    used[column] |= bits[column] & int.MaxValue;
            }

            int count = used.Length - used.AsSpan().Count(0);
            Starts[panel + 1] = Starts[panel] + count;
            if (count == matrix.Columns)
                continue;
            ColumnStarts[panel] = columns.Count;
            columns.AddRange(Enumerable.Range(0, matrix.Columns).Where(column => used[column] != 0));
        }

        Columns = [.. columns];
    }

    /// <summary>Number of panels.</summary>
    public int Panels { get; }

    /// <summary>Columns that all panels before each panel keep; one more element than panels.</summary>
    public int[] Starts { get; }

    /// <summary>Where the columns of each panel begin in <see cref="Columns"/>.</summary>
    public int[] ColumnStarts { get; }

    /// <summary>Lists of columns.</summary>
    public int[] Columns { get; }

    /// <summary>Columns that all panels keep.</summary>
    public int PackedColumns => Starts[^1];

    /// <summary>The columns that a panel keeps.</summary>
    public ReadOnlySpan<int> ColumnsOf(int panel) => Columns.AsSpan(ColumnStarts[panel], Starts[panel + 1] - Starts[panel]);
}
