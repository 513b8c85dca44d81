using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>
/// The right operand (K, N) of a matrix product in the order in which tiles read it: blocks of at most
/// <see cref="MaxDepth"/> rows, inside a block panels as wide as a tile, the last one padded with zeros.
/// </summary>
internal sealed unsafe class PackedOperand : IDisposable
{
    /// <summary>
    /// Rows of a block at most. Results are read and written once for each block, so that many rows pay, as long as a panel comes from the
    /// second-level cache as fast as tiles take it: 64 KB with vectors of 16 values, 16 KB with those of 8.
    /// </summary>
    public static int MaxDepth => Vector512.IsHardwareAccelerated ? 512 : 256;

    private readonly FloatBuffer _buffer;

    private PackedOperand(int depth, int columns)
    {
        (Depth, Columns) = (depth, columns);
        Panels = (columns + MatrixTile.Columns - 1) / MatrixTile.Columns;
        Blocks = Math.Max(1, (depth + MaxDepth - 1) / MaxDepth);
        BlockDepth = (depth + Blocks - 1) / Blocks;
        _buffer = FloatBuffer.Rent((long)Panels * MatrixTile.Columns * depth);
    }

    /// <summary>Rows K.</summary>
    public int Depth { get; }

    /// <summary>Columns N.</summary>
    public int Columns { get; }

    /// <summary>Number of panels.</summary>
    public int Panels { get; }

    /// <summary>Number of blocks.</summary>
    public int Blocks { get; }

    /// <summary>Rows of each block but the last, which may be smaller.</summary>
    public int BlockDepth { get; }

    /// <summary>Packs (K, N) stored by rows with a stride.</summary>
    public static PackedOperand ByRows(float* values, int depth, int columns, nint stride, int threads)
    {
        var packed = new PackedOperand(depth, columns);
        packed.Pack(threads, (block, from, to) =>
        {
            int start = block * packed.BlockDepth, rows = packed.DepthOf(block);
            for (int k = 0; k < rows; k++)
            {
                float* row = values + (start + k) * stride;
                for (int panel = from; panel < to; panel++)
                    CopyRow(row + panel * MatrixTile.Columns, packed.Panel(block, panel) + k * MatrixTile.Columns, columns - panel * MatrixTile.Columns);
            }
        });
        return packed;
    }

    /// <summary>Packs the transpose of (N, K) stored by rows with a stride.</summary>
    public static PackedOperand ByColumns(float* values, int depth, int columns, nint stride, int threads)
    {
        var packed = new PackedOperand(depth, columns);
        packed.Pack(threads, (block, from, to) =>
        {
            int start = block * packed.BlockDepth, rows = packed.DepthOf(block);
            for (int panel = from; panel < to; panel++)
                Transpose(values + panel * MatrixTile.Columns * stride + start, stride, packed.Panel(block, panel), rows, columns - panel * MatrixTile.Columns);
        });
        return packed;
    }

    /// <summary>Rows of a block.</summary>
    public int DepthOf(int block) => Math.Min(BlockDepth, Depth - block * BlockDepth);

    /// <summary>The first value of a panel.</summary>
    public float* Panel(int block, int panel) =>
        _buffer.Pointer + ((long)block * BlockDepth * Panels + (long)panel * DepthOf(block)) * MatrixTile.Columns;

    public void Dispose() => _buffer.Dispose();

    private void Pack(int threads, Action<int, int, int> pack) =>
        WorkSplit.Run(threads, Panels, 1, (long)Depth * Columns * WorkSplit.PerValue, (from, to) =>
        {
            for (int block = 0; block < Blocks; block++)
                pack(block, from, to);
        });

    private static void CopyRow(float* from, float* to, int columns)
    {
        if (columns >= MatrixTile.Columns)
        {
            for (int i = 0; i < MatrixTile.Columns; i += 16)
                Vector512.Load(from + i).Store(to + i);
            return;
        }

        for (int i = 0; i < MatrixTile.Columns; i++)
            to[i] = i < columns ? from[i] : 0;
    }

    private static void Transpose(float* from, nint stride, float* to, int rows, int columns)
    {
        columns = Math.Min(columns, MatrixTile.Columns);
        if (columns < MatrixTile.Columns)
            new Span<float>(to, rows * MatrixTile.Columns).Clear();
        int fullRows = rows & -4, fullColumns = Vector128.IsHardwareAccelerated && Sse.IsSupported ? columns & -4 : 0;
        for (int k = 0; k < fullRows; k += 4)
        {
            for (int column = 0; column < fullColumns; column += 4)
                TransposeFour(from + column * stride + k, stride, to + k * MatrixTile.Columns + column);
        }

        for (int k = 0; k < rows; k++)
        {
            for (int column = k < fullRows ? fullColumns : 0; column < columns; column++)
                to[k * MatrixTile.Columns + column] = from[column * stride + k];
        }
    }

    private static void TransposeFour(float* from, nint stride, float* to)
    {
        Vector128<float> a = Vector128.Load(from), b = Vector128.Load(from + stride);
        Vector128<float> c = Vector128.Load(from + 2 * stride), d = Vector128.Load(from + 3 * stride);
        Vector128<float> ab = Sse.UnpackLow(a, b), cd = Sse.UnpackLow(c, d), abHigh = Sse.UnpackHigh(a, b), cdHigh = Sse.UnpackHigh(c, d);
        Sse.MoveLowToHigh(ab, cd).Store(to);
        Sse.MoveHighToLow(cd, ab).Store(to + MatrixTile.Columns);
        Sse.MoveLowToHigh(abHigh, cdHigh).Store(to + 2 * MatrixTile.Columns);
        Sse.MoveHighToLow(cdHigh, abHigh).Store(to + 3 * MatrixTile.Columns);
    }
}
