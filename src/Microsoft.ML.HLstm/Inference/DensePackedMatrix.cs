using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>Row-major weights, zeros included.</summary>
internal sealed class DensePackedMatrix(WeightMatrix matrix) : PackedMatrix(matrix.Rows, matrix.Columns)
{
    private const int RowsAtOnce = 4;
    private readonly float[] _values = matrix.Values;

    /// <inheritdoc/>
    protected override void MultiplyAddCore(ReadOnlySpan<float> x, Span<float> y)
    {
        int row = 0;
        for (; row + RowsAtOnce <= y.Length; row += RowsAtOnce)
            FourRows(x, _values.AsSpan(row * Columns, RowsAtOnce * Columns), y.Slice(row, RowsAtOnce));
        for (; row < y.Length; row++)
            y[row] += TensorPrimitives.Dot(_values.AsSpan(row * Columns, Columns), x);
    }

    /// <inheritdoc/>
    protected override void MultiplyAddLanesCore(ReadOnlySpan<float> x, Span<float> y, int lanes)
    {
        for (int row = 0; row < Rows; row++)
        {
            Span<float> sums = y.Slice(row * lanes, lanes);
            for (int column = 0; column < Columns; column++)
                TensorPrimitives.MultiplyAdd(x.Slice(column * lanes, lanes), _values[(row * Columns) + column], sums, sums);
        }
    }

    /// <summary>Four dot products at once: each vector of x is loaded once, and four sums hide each other's latency.</summary>
    private static void FourRows(ReadOnlySpan<float> x, ReadOnlySpan<float> rows, Span<float> y)
    {
        int columns = x.Length;
        ref float input = ref MemoryMarshal.GetReference(x);
        ref float row0 = ref MemoryMarshal.GetReference(rows);
        ref float row1 = ref Unsafe.Add(ref row0, columns);
        ref float row2 = ref Unsafe.Add(ref row1, columns);
        ref float row3 = ref Unsafe.Add(ref row2, columns);
        Vector<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        int column = 0;
        for (; column <= columns - Vector<float>.Count; column += Vector<float>.Count)
        {
            Vector<float> value = Vector.LoadUnsafe(ref input, (nuint)column);
            sum0 = Vector.FusedMultiplyAdd(Vector.LoadUnsafe(ref row0, (nuint)column), value, sum0);
            sum1 = Vector.FusedMultiplyAdd(Vector.LoadUnsafe(ref row1, (nuint)column), value, sum1);
            sum2 = Vector.FusedMultiplyAdd(Vector.LoadUnsafe(ref row2, (nuint)column), value, sum2);
            sum3 = Vector.FusedMultiplyAdd(Vector.LoadUnsafe(ref row3, (nuint)column), value, sum3);
        }

        float rest0 = 0, rest1 = 0, rest2 = 0, rest3 = 0;
        for (; column < columns; column++)
        {
            float value = x[column];
            rest0 += rows[column] * value;
            rest1 += rows[columns + column] * value;
            rest2 += rows[(2 * columns) + column] * value;
            rest3 += rows[(3 * columns) + column] * value;
        }

        y[0] += Vector.Sum(sum0) + rest0;
        y[1] += Vector.Sum(sum1) + rest1;
        y[2] += Vector.Sum(sum2) + rest2;
        y[3] += Vector.Sum(sum3) + rest3;
    }
}
