namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>
/// The connections of a sparse matrix (N, K): what a product with it reads. They stand in blocks of columns, inside a block
/// row by row, so that the inputs of a block stay in a cache while all rows read them: in the first-level cache where rows have connections
/// enough in so few columns, else in the second-level cache.
/// </summary>
internal sealed unsafe class CompressedRows
{
    // 64 lanes of 96 inputs are 24 KB, of 512 inputs 128 KB.
    private const int NearColumns = 96, FarColumns = 512;

    // Fewer connections of a row in a block are not worth reading and writing its sums once more.
    private const int FewestInBlock = 8;

    private readonly IndexMemory _starts;
    private readonly IndexMemory _indices;

    /// <summary>The matrix of these connections; <paramref name="order"/> takes the place of each among all.</summary>
    public CompressedRows(int rows, int columns, ReadOnlySpan<int> rowOf, ReadOnlySpan<int> columnOf, Span<int> order)
    {
        (Rows, Columns, Count) = (rows, columns, rowOf.Length);
        int most = (long)Count * NearColumns >= (long)FewestInBlock * rows * columns ? NearColumns : FarColumns;
        Blocks = Math.Max(1, (columns + most - 1) / most);
        BlockColumns = (columns + Blocks - 1) / Blocks;
        int parts = Blocks * rows;
        (_starts, _indices) = (new IndexMemory(parts + 1), new IndexMemory(Count));
        for (int k = 0; k < Count; k++)
            Starts[columnOf[k] / BlockColumns * rows + rowOf[k] + 1]++;
        for (int i = 1; i <= parts; i++)
            Starts[i] += Starts[i - 1];
        int[] next = new Span<int>(Starts, parts).ToArray();
        for (int k = 0; k < Count; k++)
        {
            order[k] = next[columnOf[k] / BlockColumns * rows + rowOf[k]]++;
            Indices[order[k]] = columnOf[k];
        }
    }

    /// <summary>Rows N.</summary>
    public int Rows { get; }

    /// <summary>Columns K.</summary>
    public int Columns { get; }

    /// <summary>Blocks of columns.</summary>
    public int Blocks { get; }

    /// <summary>Columns of a block; the last one may have fewer.</summary>
    public int BlockColumns { get; }

    /// <summary>Connections.</summary>
    public int Count { get; }

    /// <summary>Where row i of block b starts: at b · N + i; the last value is where the last row ends.</summary>
    public int* Starts => _starts.Pointer;

    /// <summary>The column of each connection.</summary>
    public int* Indices => _indices.Pointer;
}
