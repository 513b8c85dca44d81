using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>
/// A <see cref="DenseLayer"/> of which only some outputs are computed, others each time. Rows of float32 as they are, zeros and all: of
/// a few hundred rows in thousands, no layout of connections is worth the packing. Never changes: one is shared by all threads.
/// </summary>
internal sealed class ChosenRows(DenseLayer layer)
{
    private readonly float[] _weight = layer.Weight.Values;
    private readonly float[] _bias = layer.Bias;
    private readonly int _columns = layer.Weight.Columns;

    /// <summary>Computes <c>y[v, i] = W[rows[i]] x[v] + b[rows[i]]</c>. Allocates nothing.</summary>
    /// <param name="rows">Rows of the layer, not checked.</param>
    /// <param name="x">Vector v begins at <paramref name="xStride"/> times v.</param>
    /// <param name="xStride">At least the width that the layer reads.</param>
    /// <param name="y">The outputs of vector v begin at <paramref name="yStride"/> times v.</param>
    /// <param name="yStride">At least the number of rows.</param>
    /// <param name="count">Vectors.</param>
    /// <param name="instructions">A set that this processor has.</param>
    public void ApplyEach(ReadOnlySpan<int> rows, ReadOnlySpan<float> x, int xStride, Span<float> y, int yStride, int count, InstructionSet instructions)
    {
        if (count <= 0 || rows.IsEmpty)
            return;
        ArgumentOutOfRangeException.ThrowIfLessThan(xStride, _columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(yStride, rows.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(x.Length, ((count - 1) * xStride) + _columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(y.Length, ((count - 1) * yStride) + rows.Length);
        switch (instructions)
        {
            case InstructionSet.Avx512:
                Apply<Vector512<float>, Simd512>(rows, x, xStride, y, yStride, count);
                break;
            case InstructionSet.Avx2:
                Apply<Vector256<float>, Simd256>(rows, x, xStride, y, yStride, count);
                break;
            default:
                Apply<System.Numerics.Vector<float>, SimdPortable>(rows, x, xStride, y, yStride, count);
                break;
        }
    }

    [MethodImpl(Compiled.AtOnce)]
    private void Apply<TVector, TSimd>(ReadOnlySpan<int> rows, ReadOnlySpan<float> x, int xStride, Span<float> y, int yStride, int count)
        where TVector : struct
        where TSimd : ISimd<TVector>
    {
        Span<float> sums = stackalloc float[2 * RowDots<TVector, TSimd>.Vectors];
        ref float input = ref MemoryMarshal.GetReference(x);
        ref float weight = ref MemoryMarshal.GetArrayDataReference(_weight);
        for (int i = 0; i < rows.Length; i += 2)
        {
            // A last row without a partner is its own.
            int second = Math.Min(i + 1, rows.Length - 1), vector = 0;
            ref float w0 = ref Unsafe.Add(ref weight, rows[i] * _columns), w1 = ref Unsafe.Add(ref weight, rows[second] * _columns);
            for (; vector <= count - RowDots<TVector, TSimd>.Vectors; vector += RowDots<TVector, TSimd>.Vectors)
            {
                RowDots<TVector, TSimd>.Five(ref w0, ref w1, ref Unsafe.Add(ref input, vector * xStride), xStride, _columns, sums);
                for (int k = 0; k < RowDots<TVector, TSimd>.Vectors; k++)
                    Put(y[((vector + k) * yStride)..], rows, i, second, sums[(2 * k)..]);
            }

            for (; vector < count; vector++)
            {
                RowDots<TVector, TSimd>.One(ref w0, ref w1, ref Unsafe.Add(ref input, vector * xStride), _columns, sums);
                Put(y[(vector * yStride)..], rows, i, second, sums);
            }
        }
    }

    private void Put(Span<float> y, ReadOnlySpan<int> rows, int first, int second, ReadOnlySpan<float> sums)
    {
        y[first] = sums[0] + _bias[rows[first]];
        y[second] = sums[1] + _bias[rows[second]];
    }
}
