using System.Runtime.CompilerServices;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>The connections of a sparse matrix (N, K) row by row: what a product with it reads.</summary>
internal sealed unsafe class CompressedRows
{
    private readonly int[] _starts;
    private readonly int[] _indices;

    /// <summary>Room for <paramref name="count"/> connections.</summary>
    public CompressedRows(int rows, int columns, int count)
    {
        (Rows, Columns, Count) = (rows, columns, count);
        // Pinned, so that kernels read them by pointer for as long as this object lives.
        _starts = GC.AllocateArray<int>(rows + 1, pinned: true);
        _indices = GC.AllocateUninitializedArray<int>(Math.Max(1, count), pinned: true);
        Starts = (int*)Unsafe.AsPointer(ref _starts[0]);
        Indices = (int*)Unsafe.AsPointer(ref _indices[0]);
    }

    /// <summary>Rows N.</summary>
    public int Rows { get; }

    /// <summary>Columns K.</summary>
    public int Columns { get; }

    /// <summary>Connections.</summary>
    public int Count { get; }

    /// <summary>Where each row starts, and at the end where the last one ends (N + 1).</summary>
    public int* Starts { get; }

    /// <summary>The column of each connection, ascending inside a row.</summary>
    public int* Indices { get; }
}
