using System.Runtime.Intrinsics;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>
/// Single-precision matrix products in managed code. Threads split the result, never a sum, so the number of threads
/// does not change the result.
/// </summary>
internal static unsafe class MatrixProduct
{
    // 256 KB that stay in the second-level cache while panels go by.
    private const int CachedValues = 65_536;

    private static int RowBlock => CachedValues / PackedOperand.MaxDepth / MatrixTile.Rows * MatrixTile.Rows;

    // From so many rows and panels on, copying rows into strips pays.
    private const int PackedRows = 120, PackedPanels = 16;

    // Strips a power of two apart would fall into the same few cache sets: two cache lines between them.
    private const int StripPadding = 4;

    /// <summary>c (M, N) (+)= a (M, K) · b (K, N), a and c stored by rows with strides.</summary>
    public static void Multiply(float* a, nint strideA, int rows, PackedOperand b, float* c, nint strideC, bool accumulate, int threads)
    {
        // Inside a time loop, where there is one thread and many steps, without a closure.
        if (threads == 1)
            MultiplyPanels(a, strideA, rows, b, c, strideC, accumulate, 0, b.Panels);
        else
            Split(a, strideA, rows, b, c, strideC, accumulate, threads);
    }

    /// <summary>c (M, N) = aᵀ · b with a (K, M) stored by rows: a weight gradient, K running over time and batch.</summary>
    public static void MultiplyTransposed(float* a, nint strideA, int rows, PackedOperand b, float* c, nint strideC, bool accumulate, int threads)
    {
        int tiles = (rows + MatrixTile.Rows - 1) / MatrixTile.Rows;
        WorkSplit.Run(threads, tiles, 1, (long)rows * b.Depth * b.Columns, (from, to) => MultiplyRows(a, strideA, rows, b, c, strideC, accumulate, from, to));
    }

    private static void Split(float* a, nint strideA, int rows, PackedOperand b, float* c, nint strideC, bool accumulate, int threads) =>
        WorkSplit.Run(threads, b.Panels, 1, (long)rows * b.Depth * b.Columns, (from, to) => MultiplyPanels(a, strideA, rows, b, c, strideC, accumulate, from, to));

    private static void MultiplyPanels(float* a, nint strideA, int rows, PackedOperand b, float* c, nint strideC, bool accumulate, int firstPanel, int endPanel)
    {
        // Rows far apart share few cache sets, and six of them with a panel fill small caches: worth a copy where it is used often.
        using FloatBuffer? strips = !Vector512.IsHardwareAccelerated && rows >= PackedRows && endPanel - firstPanel >= PackedPanels
            ? FloatBuffer.Rent((RowBlock + MatrixTile.Rows) * (PackedOperand.MaxDepth + StripPadding)) : null;
        for (int block = 0; block < b.Blocks; block++)
        {
            bool add = accumulate || block > 0;
            int depth = b.DepthOf(block);
            float* left = a + block * b.BlockDepth;
            for (int start = 0; start < rows; start += RowBlock)
            {
                int end = Math.Min(rows, start + RowBlock);
                float* from = left + start * strideA;
                nint rowStep = strideA, depthStep = 1, tileStep = MatrixTile.Rows * strideA;
                if (strips is not null)
                {
                    CopyStrips(from, strideA, depth, end - start, strips.Pointer);
                    from = strips.Pointer;
                    (rowStep, depthStep, tileStep) = (1, MatrixTile.Rows, MatrixTile.Rows * (depth + StripPadding));
                }

                for (int panel = firstPanel; panel < endPanel; panel++)
                {
                    float* right = b.Panel(block, panel), result = c + panel * MatrixTile.Columns, tile = from;
                    int columns = Math.Min(MatrixTile.Columns, b.Columns - panel * MatrixTile.Columns);
                    for (int row = start; row < end; row += MatrixTile.Rows, tile += tileStep)
                    {
                        MatrixTile.Multiply(depth, tile, rowStep, depthStep, right, result + row * strideC, strideC,
                            Math.Min(MatrixTile.Rows, end - row), columns, add);
                    }
                }
            }
        }
    }

    private static void MultiplyRows(float* a, nint strideA, int rows, PackedOperand b, float* c, nint strideC, bool accumulate, int firstTile, int endTile)
    {
        int tilesAtOnce = RowBlock / MatrixTile.Rows;
        using FloatBuffer strips = FloatBuffer.Rent((RowBlock + MatrixTile.Rows) * (PackedOperand.MaxDepth + StripPadding));
        for (int start = firstTile; start < endTile; start += tilesAtOnce)
        {
            int end = Math.Min(endTile, start + tilesAtOnce);
            int first = start * MatrixTile.Rows, count = Math.Min(rows, end * MatrixTile.Rows) - first;
            for (int block = 0; block < b.Blocks; block++)
            {
                bool add = accumulate || block > 0;
                int depth = b.DepthOf(block);
                PackStrips(a + block * b.BlockDepth * strideA + first, strideA, depth, count, strips.Pointer);
                for (int panel = 0; panel < b.Panels; panel++)
                {
                    float* right = b.Panel(block, panel), result = c + panel * MatrixTile.Columns;
                    int columns = Math.Min(MatrixTile.Columns, b.Columns - panel * MatrixTile.Columns);
                    for (int row = 0; row < count; row += MatrixTile.Rows)
                    {
                        MatrixTile.Multiply(depth, strips.Pointer + row * (depth + StripPadding), 1, MatrixTile.Rows, right, result + (first + row) * strideC, strideC,
                            Math.Min(MatrixTile.Rows, count - row), columns, add);
                    }
                }
            }
        }
    }

    /// <summary>Strips of as many rows of a (M, K) as a tile has.</summary>
    private static void CopyStrips(float* a, nint strideA, int depth, int count, float* strips)
    {
        int height = MatrixTile.Rows;
        for (int row = 0; row < count; row += height, strips += height * (depth + StripPadding))
            Transposition.Run(a + row * strideA, strideA, Math.Min(height, count - row), depth, strips, height, accumulate: false);
    }

    /// <summary>
    /// Strips of as many columns of a (K, M) as a tile has rows: read with its own stride, often a power of two, every value of a column would
    /// fall into the same few cache sets.
    /// </summary>
    private static void PackStrips(float* a, nint strideA, int depth, int count, float* strips)
    {
        // A tile of fewer rows than a vector has values writes on into the next k, which comes after it, or into the padding.
        int height = MatrixTile.Rows, vectors = count < Vector256<float>.Count ? 0 : (count - Vector256<float>.Count) / height + 1;
        nint strip = height * ((nint)depth + StripPadding);
        for (int k = 0; k < depth; k++, a += strideA)
        {
            float* to = strips + k * height;
            for (int i = 0; i < vectors; i++)
                Vector256.Store(Vector256.Load(a + i * height), to + i * strip);
            for (int row = vectors * height; row < count; row++)
                to[row / height * strip + row % height] = a[row];
        }
    }
}
