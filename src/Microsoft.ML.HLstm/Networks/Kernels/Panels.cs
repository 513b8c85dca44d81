using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>
/// The transpose of (M, K) in panels: each holds <see cref="Lanes"/> rows, K times as many values, so that one connection
/// of a sparse matrix meets full vectors. Lanes beyond M are zero.
/// </summary>
internal sealed unsafe class Panels : IDisposable
{
    /// <summary>Lanes of a panel where there are enough rows: four vectors, as many as hide the latency of a multiply-add.</summary>
    public const int MaxLanes = 64;

    private readonly FloatBuffer _buffer;

    /// <summary>Transposes values stored by rows with a stride.</summary>
    public Panels(float* values, nint stride, int rows, int columns, int threads)
    {
        (Rows, Columns, Lanes) = (rows, columns, LanesFor(rows));
        Count = (rows + Lanes - 1) / Lanes;
        _buffer = FloatBuffer.Rent((long)Count * Lanes * columns);
        WorkSplit.Run(threads, Count, 1, (long)rows * columns * WorkSplit.PerValue, (from, to) =>
        {
            for (int panel = from; panel < to; panel++)
                Fill(values + (nint)panel * Lanes * stride, stride, RowsOf(panel), columns, Panel(panel), Lanes);
        });
    }

    /// <summary>Rows M.</summary>
    public int Rows { get; }

    /// <summary>Columns K.</summary>
    public int Columns { get; }

    /// <summary>Lanes of each panel.</summary>
    public int Lanes { get; }

    /// <summary>Number of panels.</summary>
    public int Count { get; }

    /// <summary>Lanes of a panel for some rows or more.</summary>
    public static int LanesFor(int rows) => rows <= 16 ? 16 : rows <= 32 ? 32 : MaxLanes;

    /// <summary>Rows of a panel that are there.</summary>
    public int RowsOf(int panel) => Math.Min(Lanes, Rows - panel * Lanes);

    /// <summary>The first value (K, lanes) of a panel.</summary>
    public float* Panel(int panel) => _buffer.Pointer + (nint)panel * Lanes * Columns;

    /// <summary>Fills a panel (columns, lanes) with the transpose of (rows, columns).</summary>
    public static void Fill(float* values, nint stride, int rows, int columns, float* panel, int lanes)
    {
        Transposition.Run(values, stride, rows, columns, panel, lanes, accumulate: false);
        for (int column = 0; column < columns && rows < lanes; column++)
            new Span<float>(panel + (nint)column * lanes + rows, lanes - rows).Clear();
    }

    public void Dispose() => _buffer.Dispose();
}
