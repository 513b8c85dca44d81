using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>
/// Products with a sparse matrix. Threads split the result, never a sum, so the number of threads does not change it.
/// </summary>
internal static unsafe class SparseProduct
{
    // 64 units of 64 lanes are 16 KB and stay in the first-level cache until they are transposed into the result; where every block of columns adds to
    // them, 512 stay in the second-level cache and read each block together.
    private const int TileRows = 64, TileRowsOfBlocks = 512;

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
        int lanes = Panels.LanesFor(rows), tileRows = matrix.Blocks == 1 || threads > 1 ? TileRows : TileRowsOfBlocks;
        int tiles = (matrix.Rows + tileRows - 1) / tileRows;
        WorkSplit.Run(threads, tiles, 1, PerConnection * (long)rows * matrix.Count, (from, to) =>
        {
            using FloatBuffer sums = FloatBuffer.Rent((long)tileRows * lanes);
            using FloatBuffer panel = FloatBuffer.Rent((long)matrix.Columns * lanes);
            for (int tile = from; tile < to; tile++)
            {
                int first = tile * tileRows, end = Math.Min(matrix.Rows, first + tileRows);
                for (int block = 0; block < matrix.Blocks; block++)
                {
                    int column = block * matrix.BlockColumns;
                    if (tile == from)
                        Panels.Fill(x + column, strideX, rows, Math.Min(matrix.BlockColumns, matrix.Columns - column), panel.Pointer + (nint)column * lanes, lanes);
                    SparseTile.Multiply(matrix, block, weights, panel.Pointer, lanes, first, end, sums.Pointer, accumulate: block > 0);
                }

                Transposition.Run(sums.Pointer, lanes, end - first, rows, result + first, stride, accumulate);
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
