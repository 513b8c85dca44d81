using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>
/// Which connections of a matrix (N, K) exist, by rows for the way forward and by columns for the way back. It comes from
/// the mask, not from the weights: a connection that has just grown is zero and needs its gradient.
/// </summary>
internal sealed unsafe class ConnectionPattern
{
    /// <summary>
    /// The density of a matrix up to which computing its active connections only is faster than computing all. On a Zen 4
    /// core (AVX-512) an H-LSTM layer of 256 or 512 units is 1.5 to 1.6 times as fast at 0.3 and as fast at 0.5; an output projection to 5,000 words
    /// as fast at 0.5. On Zen 5, whose dense products take half the time, it is as fast at 0.3 and slower at 0.4. By what the processor is and not
    /// by what is measured when training starts, because the same seed has to give the same weights.
    /// </summary>
    public static double MaximumDensity { get; } = MultipliesTwoLongVectors ? 0.33 : 0.45;

    // No flag says so; processors that do have this one, which Zen 4 lacks.
    private static bool MultipliesTwoLongVectors => Avx512F.IsSupported && AvxVnni.IsSupported;

    // A row of the parameter's memory is so long, and the first one begins there.
    private readonly int _stride;
    private readonly int _start;
    private readonly IndexMemory _transposed;

    /// <summary>The pattern of some columns of a matrix.</summary>
    /// <param name="mask">Of the whole matrix, not 0 where a connection exists.</param>
    /// <param name="start">Where the matrix starts in the parameter's memory.</param>
    /// <param name="stride">Columns of the whole matrix.</param>
    /// <param name="first">The first of the columns.</param>
    /// <param name="columns">How many there are.</param>
    public ConnectionPattern(ReadOnlySpan<float> mask, int start, int stride, int first, int columns)
    {
        (_start, _stride) = (start + first, stride);
        int rows = mask.Length / stride;
        List<int> rowOf = [], columnOf = [];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                if (mask[row * stride + first + column] == 0)
                    continue;
                rowOf.Add(row);
                columnOf.Add(column);
            }
        }

        ReadOnlySpan<int> allRows = CollectionsMarshal.AsSpan(rowOf), allColumns = CollectionsMarshal.AsSpan(columnOf);
        int[] byRow = new int[rowOf.Count], byColumn = new int[rowOf.Count];
        ByRow = new CompressedRows(rows, columns, allRows, allColumns, byRow);
        ByColumn = new CompressedRows(columns, rows, allColumns, allRows, byColumn);
        _transposed = new IndexMemory(byRow.Length);
        for (int k = 0; k < byRow.Length; k++)
            Transposed[byColumn[k]] = byRow[k];
    }

    /// <summary>The matrix (N, K).</summary>
    public CompressedRows ByRow { get; }

    /// <summary>Its transpose (K, N).</summary>
    public CompressedRows ByColumn { get; }

    /// <summary>Connections.</summary>
    public int Count => ByRow.Count;

    /// <summary>For each connection in the order of <see cref="ByColumn"/> its place in that of <see cref="ByRow"/>.</summary>
    public int* Transposed => _transposed.Pointer;

    /// <summary>Copies the connections' values from the parameter's memory, in the order of <see cref="ByRow"/>.</summary>
    public void Gather(float* parameter, float* values, int threads)
    {
        CompressedRows matrix = ByRow;
        WorkSplit.Run(threads, matrix.Blocks * matrix.Rows, 1, (long)Count * WorkSplit.PerValue, (first, end) =>
        {
            for (int i = first; i < end; i++)
            {
                float* row = Row(parameter, i);
                for (int k = matrix.Starts[i]; k < matrix.Starts[i + 1]; k++)
                    values[k] = row[matrix.Indices[k]];
            }
        });
    }

    /// <summary>Adds values in the order of <see cref="ByRow"/> to those of the connections in memory like the parameter's.</summary>
    public void AddTo(float* parameter, float* values)
    {
        CompressedRows matrix = ByRow;
        for (int i = 0; i < matrix.Blocks * matrix.Rows; i++)
        {
            float* row = Row(parameter, i);
            for (int k = matrix.Starts[i]; k < matrix.Starts[i + 1]; k++)
                row[matrix.Indices[k]] += values[k];
        }
    }

    /// <summary>Where a row of some block of columns starts.</summary>
    private float* Row(float* parameter, int i) => parameter + _start + (nint)(i % ByRow.Rows) * _stride;
}
