using Microsoft.ML.HLstm.Inference;

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

    // A connection costs about two multiply-adds of a dense product.
    private const int PerConnection = 2;

    /// <summary>result (M, N) (+)= x (M, K) · Wᵀ, the weights of W (N, K) in the order of its connections.</summary>
    public static void Multiply(float* x, nint strideX, int rows, CompressedRows matrix, float* weights, float* result, nint stride, bool accumulate, int threads)
    {
        // Panel by panel, so that each is still in the cache when it is read.
        for (int row = 0; row < rows; row += Panels.MaxLanes)
            MultiplyPanel(x + row * strideX, strideX, Math.Min(Panels.MaxLanes, rows - row), matrix, weights, result + row * stride, stride, accumulate, threads);
    }

    /// <summary>sums (connections) (+)= gradientᵀ (N, M) · x (M, K) at the connections of a matrix (N, K): the gradients of its weights.</summary>
    public static void Gradient(Panels x, float* gradient, nint stride, CompressedRows matrix, float* sums, bool accumulate, int threads)
    {
        int tiles = (matrix.Rows + TileRows - 1) / TileRows, together = Math.Max(1, CachedValues / (x.Lanes * x.Columns));
        if (!accumulate)
            new Span<float>(sums, matrix.Count).Clear();
        WorkSplit.Run(threads, tiles, 1, PerConnection * (long)x.Rows * matrix.Count, (from, to) =>
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

    private static void MultiplyPanel(float* x, nint strideX, int rows, CompressedRows matrix, float* weights, float* result, nint stride, bool accumulate, int threads)
    {
        int tiles = (matrix.Rows + TileRows - 1) / TileRows, lanes = Panels.LanesFor(rows), last = matrix.Blocks - 1;
        WorkSplit.Run(threads, tiles, 1, PerConnection * (long)rows * matrix.Count, (from, to) =>
        {
            // Sums of one tile where each is complete after one block, of all tiles otherwise.
            using FloatBuffer sums = FloatBuffer.Rent((last == 0 ? 1 : to - from) * (long)TileRows * lanes);
            using FloatBuffer panel = FloatBuffer.Rent((long)Math.Min(CompressedRows.BlockColumns, matrix.Columns) * lanes);
            for (int block = 0; block <= last; block++)
            {
                int column = block * CompressedRows.BlockColumns;
                Panels.Fill(x + column, strideX, rows, Math.Min(CompressedRows.BlockColumns, matrix.Columns - column), panel.Pointer, lanes);
                for (int tile = from; tile < to; tile++)
                {
                    int first = tile * TileRows, end = Math.Min(matrix.Rows, first + TileRows);
                    float* at = sums.Pointer + (last == 0 ? 0 : (nint)(tile - from) * TileRows * lanes);
                    SparseTile.Multiply(matrix, block, weights, panel.Pointer - (nint)column * lanes, lanes, first, end, at, accumulate: block > 0);
                    if (block == last)
                        Transposition.Run(at, lanes, end - first, rows, result + first, stride, accumulate);
                }
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
}
