using System.Runtime.CompilerServices;

namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>The active connections of a matrix, row after row and in ascending columns.</summary>
internal sealed class Connections
{
    /// <summary>Finds the weights that are not zero.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public Connections(WeightMatrix matrix)
    {
        Rows = matrix.Rows;
        Columns = matrix.Columns;
        int active = matrix.ActiveConnections;
        RowStarts = new int[matrix.Rows + 1];
        ColumnOf = new int[active];
        Weight = new float[active];
        // Without a branch, which a random mask would make the processor guess.
        int[] columns = new int[matrix.Columns + 1];
        int next = 0;
        for (int row = 0; row < matrix.Rows; row++)
        {
            ReadOnlySpan<float> values = matrix.Row(row);
            int count = 0;
            for (int column = 0; column < values.Length; column++)
            {
                columns[count] = column;
                count += values[column] == 0f ? 0 : 1;
            }

            for (int i = 0; i < count; i++, next++)
                (ColumnOf[next], Weight[next]) = (columns[i], values[columns[i]]);
            RowStarts[row + 1] = next;
        }
    }

    /// <summary>Rows of the matrix.</summary>
    public int Rows { get; }

    /// <summary>Columns of the matrix.</summary>
    public int Columns { get; }

    /// <summary>Number of connections.</summary>
    public int Count => Weight.Length;

    /// <summary>Connections of all rows before each row; one more element than rows.</summary>
    public int[] RowStarts { get; }

    /// <summary>Column of each connection.</summary>
    public int[] ColumnOf { get; }

    /// <summary>Weight of each connection.</summary>
    public float[] Weight { get; }

    /// <summary>Weights of a row.</summary>
    public ReadOnlySpan<float> WeightsOf(int row) => Weight.AsSpan(RowStarts[row], RowStarts[row + 1] - RowStarts[row]);

    /// <summary>Rows from the one with the most connections to the one with the fewest; equals in their order.</summary>
    public int[] RowsByLength =>
        field ??= [.. Enumerable.Range(0, Rows).OrderByDescending(row => RowStarts[row + 1] - RowStarts[row])];
}
