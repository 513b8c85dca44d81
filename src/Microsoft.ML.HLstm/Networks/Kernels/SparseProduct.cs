namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>
/// Products with a sparse matrix. Threads split the result, never a sum, so the number of threads does not change it.
/// </summary>
internal static unsafe class SparseProduct
{
    // 64 units of 64 lanes are 16 KB and stay in the first-level cache until they are transposed into the result.
    private const int TileRows = 64;

    // Input panels that are in the second-level cache while all units' gradients go by: 512 units of 256 lanes are 512 KB.
    private const int CachedValues = 512 * 256;

    // Below some tens of microseconds a second thread costs more than it brings.
    private const long WorthThreads = 2_000_000;

    /// <summary>result (M, N) (+)= x (M, K) · Wᵀ, the weights of W (N, K) in the order of its connections.</summary>
    public static void Multiply(float* x, nint strideX, int rows, CompressedRows matrix, float* weights, float* result, nint stride, bool accumulate, int threads)
    {
        // Panel by panel, so that each is still in the cache when it is read.
        for (int row = 0; row < rows; row += Panels.MaxLanes)
        {
            using var panel = new Panels(x + row * strideX, strideX, Math.Min(Panels.MaxLanes, rows - row), matrix.Columns);
            Multiply(panel, matrix, weights, result + row * stride, stride, accumulate, threads);
        }
    }

    /// <summary>sums (connections) (+)= gradientᵀ (N, M) · x (M, K) at the connections of a matrix (N, K): the gradients of its weights.</summary>
    public static void Gradient(Panels x, float* gradient, nint stride, CompressedRows matrix, float* sums, bool accumulate, int threads)
    {
        int tiles = (matrix.Rows + TileRows - 1) / TileRows, together = Math.Max(1, CachedValues / (x.Lanes * x.Columns));
        if (!accumulate)
            new Span<float>(sums, matrix.Count).Clear();
        Split(threads, tiles, (long)x.Rows * matrix.Count, (from, to) =>
        {
            using FloatBuffer gradients = FloatBuffer.Rent((long)together * TileRows * x.Lanes);
            for (int start = 0; start < x.Count; start += together)
            {
                int panels = Math.Min(together, x.Count - start);
                for (int tile = from; tile < to; tile++)
                {
                    int first = tile * TileRows, end = Math.Min(matrix.Rows, first + TileRows);
                    nint step = (nint)(end - first) * x.Lanes;
                    for (int panel = 0; panel < panels; panel++)
                        Panels.Fill(gradient + (nint)(start + panel) * x.Lanes * stride + first, stride, x.RowsOf(start + panel), end - first, gradients.Pointer + panel * step, x.Lanes);
                    for (int block = 0; block < matrix.Blocks; block++)
                    {
                        for (int row = first; row < end; row++)
                            Row(matrix, block * matrix.Rows + row, gradients.Pointer + (row - first) * x.Lanes, step, x, start, panels, sums);
                    }
                }
            }
        });
    }

    private static void Multiply(Panels x, CompressedRows matrix, float* weights, float* result, nint stride, bool accumulate, int threads)
    {
        int tiles = (matrix.Rows + TileRows - 1) / TileRows;
        Split(threads, tiles, (long)x.Rows * matrix.Count, (from, to) =>
        {
            using FloatBuffer sums = FloatBuffer.Rent(TileRows * x.Lanes);
            for (int tile = from; tile < to; tile++)
            {
                int first = tile * TileRows, end = Math.Min(matrix.Rows, first + TileRows);
                SparseTile.Multiply(matrix, weights, x.Panel(0), x.Lanes, first, end, sums.Pointer);
                Transposition.Run(sums.Pointer, x.Lanes, end - first, x.Rows, result + first, stride, accumulate);
            }
        });
    }

    private static void Row(CompressedRows matrix, int row, float* gradient, nint step, Panels x, int start, int panels, float* sums)
    {
        for (int k = matrix.Starts[row], end = matrix.Starts[row + 1]; k < end; k += SparseTile.Connections)
        {
            SparseTile.Dots(gradient, step, x.Panel(start), (nint)x.Lanes * x.Columns, panels, x.Lanes, matrix.Indices + k,
                Math.Min(SparseTile.Connections, end - k), sums + k);
        }
    }

    private static void Split(int threads, int items, long work, Action<int, int> part)
    {
        int parts = work < WorthThreads ? 1 : Math.Clamp(threads, 1, Math.Max(1, items));
        if (parts == 1)
            part(0, items);
        else
            Parallel.For(0, parts, i => part(items * i / parts, items * (i + 1) / parts));
    }
}
