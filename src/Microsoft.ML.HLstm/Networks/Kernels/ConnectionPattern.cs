using System.Runtime.CompilerServices;

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
    /// as fast at 0.5.
    /// </summary>
    public const double MaximumDensity = 0.45;

    // A row of the parameter's memory is so long, and the first one begins there.
    private readonly int _stride;
    private readonly int _start;
    private readonly int[] _positions;
    private readonly int[] _transposed;
    private readonly Dictionary<(int First, int Count), ConnectionPattern> _slices = [];

    private ConnectionPattern(int rows, int columns, int start, int stride, ReadOnlySpan<int> rowOf, ReadOnlySpan<int> columnOf, ReadOnlySpan<int> positionOf)
    {
        (_start, _stride) = (start, stride);
        int[] byRow = new int[rowOf.Length], byColumn = new int[rowOf.Length];
        ByRow = new CompressedRows(rows, columns, rowOf, columnOf, byRow);
        ByColumn = new CompressedRows(columns, rows, columnOf, rowOf, byColumn);
        _positions = GC.AllocateUninitializedArray<int>(Math.Max(1, rowOf.Length), pinned: true);
        _transposed = GC.AllocateUninitializedArray<int>(Math.Max(1, rowOf.Length), pinned: true);
        Positions = (int*)Unsafe.AsPointer(ref _positions[0]);
        Transposed = (int*)Unsafe.AsPointer(ref _transposed[0]);
        for (int k = 0; k < rowOf.Length; k++)
        {
            Positions[byRow[k]] = positionOf[k];
            Transposed[byColumn[k]] = byRow[k];
        }
    }

    /// <summary>The matrix (N, K).</summary>
    public CompressedRows ByRow { get; }

    /// <summary>Its transpose (K, N).</summary>
    public CompressedRows ByColumn { get; }

    /// <summary>Connections.</summary>
    public int Count => ByRow.Count;

    /// <summary>Where each connection, in the order of <see cref="ByRow"/>, stands in the parameter's memory.</summary>
    public int* Positions { get; }

    /// <summary>For each connection in the order of <see cref="ByColumn"/> its place in that of <see cref="ByRow"/>.</summary>
    public int* Transposed { get; }

    /// <summary>The patterns of blocks of (rows, columns) whose mask is not 0 where a connection exists.</summary>
    public static ConnectionPattern[] OfBlocks(ReadOnlySpan<float> mask, int blocks, int rows, int columns)
    {
        var patterns = new ConnectionPattern[blocks];
        for (int block = 0; block < blocks; block++)
        {
            int start = block * rows * columns;
            var positions = new List<int>();
            for (int i = start; i < start + rows * columns; i++)
            {
                if (mask[i] != 0)
                    positions.Add(i);
            }

            patterns[block] = new ConnectionPattern(rows, columns, start, columns, [.. positions.Select(i => (i - start) / columns)], [.. positions.Select(i => i % columns)], [.. positions]);
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
        // In the order of the memory, whatever blocks of columns they stand in.
        int[] kept = [.. Enumerable.Range(0, Count).Where(k => ByRow.Indices[k] >= first && ByRow.Indices[k] < first + count).OrderBy(k => Positions[k])];
        return _slices[(first, count)] = new ConnectionPattern(ByRow.Rows, count, _start, _stride,
            [.. kept.Select(k => (Positions[k] - _start) / _stride)], [.. kept.Select(k => ByRow.Indices[k] - first)], [.. kept.Select(k => Positions[k])]);
    }
}
