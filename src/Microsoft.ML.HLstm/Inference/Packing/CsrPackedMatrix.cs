using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>
/// Compressed sparse rows: the active weights and their columns, row after row. Rows without a connection cost one
/// comparison. One vector is multiplied by scalar code, because reading inputs one by one is as fast as gathering them;
/// vectors side by side use the whole width. Always float32: widening 16-bit weights one by one took 1.4 times as long.
/// </summary>
internal sealed class CsrPackedMatrix<TVector, TSimd>(Connections connections) : PackedMatrix(connections.Rows, connections.Columns)
    where TVector : struct
    where TSimd : ISimd<TVector>
{
    private readonly int[] _rowStarts = connections.RowStarts;
    private readonly int[] _columns = connections.ColumnOf;
    private readonly float[] _weights = connections.Weight;
    private readonly double _cost = LayoutCosts.Csr(connections.Count, connections.Rows);

    /// <inheritdoc/>
    public override double Cost(int lanes) => lanes == 1 ? _cost : LayoutCosts.CsrLanes(_weights.Length, lanes);

    /// <inheritdoc/>
    public override long Bytes => ((long)_weights.Length * (sizeof(float) + sizeof(int))) + ((long)Rows * sizeof(int));

    /// <inheritdoc/>
    [MethodImpl(Compiled.AtOnce)]
    protected override void MultiplyAddCore(ReadOnlySpan<float> x, Span<float> y)
    {
        // References instead of spans: columns are below Columns by construction, and the checks cost as much as the products.
        ref float input = ref MemoryMarshal.GetReference(x);
        int start = 0;
        for (int row = 0; row < y.Length; row++)
        {
            int end = _rowStarts[row + 1];
            if (start == end)
                continue;
            y[row] += Dot(ref input, start, end);
            start = end;
        }
    }

    /// <inheritdoc/>
    [MethodImpl(Compiled.AtOnce)]
    protected override void MultiplyAddLanesCore(ReadOnlySpan<float> x, Span<float> y, int lanes)
    {
        ref float input = ref MemoryMarshal.GetReference(x);
        ref float output = ref MemoryMarshal.GetReference(y);
        for (int row = 0; row < Rows; row++)
        {
            int start = _rowStarts[row], end = _rowStarts[row + 1];
            if (start == end)
                continue;
            ref float weights = ref _weights[start];
            ref int columns = ref _columns[start];
            ref float sums = ref Unsafe.Add(ref output, row * lanes);
            int lane = 0;
            for (; lane <= lanes - (4 * TSimd.Count); lane += 4 * TSimd.Count)
                CsrLanes<TVector, TSimd>.MultiplyAddFour(ref Unsafe.Add(ref input, lane), lanes, ref columns, ref weights, end - start, ref Unsafe.Add(ref sums, lane));
            if (lane <= lanes - (3 * TSimd.Count))
            {
                CsrLanes<TVector, TSimd>.MultiplyAddThree(ref Unsafe.Add(ref input, lane), lanes, ref columns, ref weights, end - start, ref Unsafe.Add(ref sums, lane));
                lane += 3 * TSimd.Count;
            }
            else if (lane <= lanes - (2 * TSimd.Count))
            {
                CsrLanes<TVector, TSimd>.MultiplyAddTwo(ref Unsafe.Add(ref input, lane), lanes, ref columns, ref weights, end - start, ref Unsafe.Add(ref sums, lane));
                lane += 2 * TSimd.Count;
            }

            for (; lane <= lanes - TSimd.Count; lane += TSimd.Count)
                CsrLanes<TVector, TSimd>.MultiplyAdd(ref Unsafe.Add(ref input, lane), lanes, ref columns, ref weights, end - start, ref Unsafe.Add(ref sums, lane));
            if (lane < lanes)
                CsrLanes<Vector256<float>, Simd256>.MultiplyAdd(ref Unsafe.Add(ref input, lane), lanes, ref columns, ref weights, end - start, ref Unsafe.Add(ref sums, lane));
        }
    }

    /// <summary>Two sums, so that a product does not wait for the one before it; with four, short rows are slower.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Dot(ref float x, int index, int end)
    {
        ref float weights = ref MemoryMarshal.GetArrayDataReference(_weights);
        ref int columns = ref MemoryMarshal.GetArrayDataReference(_columns);
        float even = 0, odd = 0;
        for (; index + 1 < end; index += 2)
        {
            even += Unsafe.Add(ref weights, index) * Unsafe.Add(ref x, Unsafe.Add(ref columns, index));
            odd += Unsafe.Add(ref weights, index + 1) * Unsafe.Add(ref x, Unsafe.Add(ref columns, index + 1));
        }

        return index < end
            ? even + odd + (Unsafe.Add(ref weights, index) * Unsafe.Add(ref x, Unsafe.Add(ref columns, index)))
            : even + odd;
    }
}
