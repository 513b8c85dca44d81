using System.Runtime.CompilerServices;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>
/// Which connections of a matrix (N, K) exist, by rows for the way forward and by columns for the way back. It comes from
/// the mask, not from the weights: a connection that has just grown is zero and needs its gradient.
/// </summary>
internal sealed unsafe class ConnectionPattern
{
    /// <summary>The density of a matrix up to which computing its active connections only is faster than computing all.</summary>
    public const double MaximumDensity = 0.3;

    private readonly int[] _positions;
    private readonly int[] _transposed;
    private readonly Dictionary<(int First, int Count), ConnectionPattern> _slices = [];

    private ConnectionPattern(int rows, int columns, List<(int Row, int Column, int Position)> connections)
    {
        int count = connections.Count;
        (ByRow, ByColumn) = (new CompressedRows(rows, columns, count), new CompressedRows(columns, rows, count));
        _positions = GC.AllocateUninitializedArray<int>(Math.Max(1, count), pinned: true);
        _transposed = GC.AllocateUninitializedArray<int>(Math.Max(1, count), pinned: true);
        Positions = (int*)Unsafe.AsPointer(ref _positions[0]);
        Transposed = (int*)Unsafe.AsPointer(ref _transposed[0]);
        foreach ((int row, int column, _) in connections)
        {
            ByRow.Starts[row + 1]++;
            ByColumn.Starts[column + 1]++;
        }

        for (int row = 0; row < rows; row++)
            ByRow.Starts[row + 1] += ByRow.Starts[row];
        for (int column = 0; column < columns; column++)
            ByColumn.Starts[column + 1] += ByColumn.Starts[column];
        int[] next = new Span<int>(ByColumn.Starts, columns).ToArray();
        for (int k = 0; k < count; k++)
        {
            (int row, int column, Positions[k]) = connections[k];
            ByRow.Indices[k] = column;
            int at = next[column]++;
            ByColumn.Indices[at] = row;
            Transposed[at] = k;
        }
    }

    /// <summary>The matrix by rows (N, K).</summary>
    public CompressedRows ByRow { get; }

    /// <summary>Its transpose by rows (K, N).</summary>
    public CompressedRows ByColumn { get; }

    /// <summary>Connections.</summary>
    public int Count => ByRow.Count;

    /// <summary>Where each connection, in the order of rows, stands in the parameter's memory.</summary>
    public int* Positions { get; }

    /// <summary>For each connection in the order of columns its place in the order of rows.</summary>
    public int* Transposed { get; }

    /// <summary>The patterns of blocks of (rows, columns) whose mask is not 0 where a connection exists.</summary>
    public static ConnectionPattern[] OfBlocks(ReadOnlySpan<float> mask, int blocks, int rows, int columns)
    {
        var patterns = new ConnectionPattern[blocks];
        for (int block = 0; block < blocks; block++)
        {
            var connections = new List<(int, int, int)>();
            int start = block * rows * columns;
            for (int i = 0; i < rows * columns; i++)
            {
                if (mask[start + i] != 0)
                    connections.Add((i / columns, i % columns, start + i));
            }

            patterns[block] = new ConnectionPattern(rows, columns, connections);
        }

        return patterns;
    }

    /// <summary>The pattern of some columns.</summary>
    public ConnectionPattern Columns(int first, int count)
    {
        if (first == 0 && count == ByRow.Columns)
            return this;
        if (_slices.TryGetValue((first, count), out ConnectionPattern? slice))
            return slice;
        var connections = new List<(int, int, int)>();
        for (int row = 0; row < ByRow.Rows; row++)
        {
            for (int k = ByRow.Starts[row]; k < ByRow.Starts[row + 1]; k++)
            {
                int column = ByRow.Indices[k] - first;
                if (column >= 0 && column < count)
                    connections.Add((row, column, Positions[k]));
            }
        }

        return _slices[(first, count)] = new ConnectionPattern(ByRow.Rows, count, connections);
    }
}
