using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>
/// The innermost part of a matrix product: a tile of results kept in registers, 8 x 32 where vectors have 16 values and 6 x 16
/// where they have 8. Rows of the left operand are read one value at a time and broadcast; the right operand is packed so that
/// the values of one k follow one another.
/// </summary>
internal static unsafe class MatrixTile
{
    private const int WideRows = 8, WideColumns = 32, NarrowRows = 6, NarrowColumns = 16;

    /// <summary>Rows of a tile.</summary>
    public static int Rows => Vector512.IsHardwareAccelerated ? WideRows : NarrowRows;

    /// <summary>Columns of a tile.</summary>
    public static int Columns => Vector512.IsHardwareAccelerated ? WideColumns : NarrowColumns;

    /// <summary>
    /// c (rows, columns) (+)= a (rows, k) · b (k, <see cref="Columns"/>). Value (i, k) of a stands at a[i · rowStep + k · depthStep].
    /// </summary>
    public static void Multiply(int depth, float* a, nint rowStep, nint depthStep, float* b, float* c, nint stride, int rows, int columns, bool accumulate)
    {
        if (!Vector512.IsHardwareAccelerated && rows == 4 && columns == Columns)
        {
            // What is left of a batch of 64 rows, without two rows that nobody needs.
            NarrowFour(depth, a, rowStep, depthStep, b, c, stride, accumulate);
            return;
        }

        if (rows == Rows && columns == Columns)
        {
            Full(depth, a, rowStep, depthStep, b, c, stride, Rows, accumulate);
            return;
        }

        // Missing rows repeat the last one; the padding of missing columns is in the packed operand.
        float* tile = stackalloc float[Rows * Columns];
        Full(depth, a, rowStep, depthStep, b, tile, Columns, rows, false);
        for (int row = 0; row < rows; row++)
        {
            var from = new Span<float>(tile + row * Columns, columns);
            var to = new Span<float>(c + row * stride, columns);
            if (accumulate)
                System.Numerics.Tensors.TensorPrimitives.Add<float>(to, from, to);
            else
                from.CopyTo(to);
        }
    }

    private static void Full(int depth, float* a, nint rowStep, nint depthStep, float* b, float* c, nint stride, int rows, bool accumulate)
    {
        if (Vector512.IsHardwareAccelerated)
            Wide(depth, a, rowStep, depthStep, b, c, stride, rows, accumulate);
        else
            Narrow(depth, a, rowStep, depthStep, b, c, stride, rows, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Wide(int depth, float* a, nint rowStep, nint depthStep, float* b, float* c, nint stride, int rows, bool accumulate)
    {
        int last = rows - 1;
        float* a0 = a, a1 = a + Math.Min(1, last) * rowStep, a2 = a + Math.Min(2, last) * rowStep, a3 = a + Math.Min(3, last) * rowStep;
        float* a4 = a + Math.Min(4, last) * rowStep, a5 = a + Math.Min(5, last) * rowStep;
        float* a6 = a + Math.Min(6, last) * rowStep, a7 = a + Math.Min(7, last) * rowStep;
        Vector512<float> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default;
        Vector512<float> s40 = default, s41 = default, s50 = default, s51 = default, s60 = default, s61 = default, s70 = default, s71 = default;
        float* end = b + (nint)depth * WideColumns;
        nint at = 0;
        for (; b < end; b += WideColumns, at += depthStep)
        {
            Vector512<float> left = Vector512.Load(b), right = Vector512.Load(b + 16), x;
            x = Vector512.Create(a0[at]);
            s00 = Vector512.MultiplyAddEstimate(x, left, s00);
            s01 = Vector512.MultiplyAddEstimate(x, right, s01);
            x = Vector512.Create(a1[at]);
            s10 = Vector512.MultiplyAddEstimate(x, left, s10);
            s11 = Vector512.MultiplyAddEstimate(x, right, s11);
            x = Vector512.Create(a2[at]);
            s20 = Vector512.MultiplyAddEstimate(x, left, s20);
            s21 = Vector512.MultiplyAddEstimate(x, right, s21);
            x = Vector512.Create(a3[at]);
            s30 = Vector512.MultiplyAddEstimate(x, left, s30);
            s31 = Vector512.MultiplyAddEstimate(x, right, s31);
            x = Vector512.Create(a4[at]);
            s40 = Vector512.MultiplyAddEstimate(x, left, s40);
            s41 = Vector512.MultiplyAddEstimate(x, right, s41);
            x = Vector512.Create(a5[at]);
            s50 = Vector512.MultiplyAddEstimate(x, left, s50);
            s51 = Vector512.MultiplyAddEstimate(x, right, s51);
            x = Vector512.Create(a6[at]);
            s60 = Vector512.MultiplyAddEstimate(x, left, s60);
            s61 = Vector512.MultiplyAddEstimate(x, right, s61);
            x = Vector512.Create(a7[at]);
            s70 = Vector512.MultiplyAddEstimate(x, left, s70);
            s71 = Vector512.MultiplyAddEstimate(x, right, s71);
        }

        Store(c, s00, s01, accumulate);
        Store(c += stride, s10, s11, accumulate);
        Store(c += stride, s20, s21, accumulate);
        Store(c += stride, s30, s31, accumulate);
        Store(c += stride, s40, s41, accumulate);
        Store(c += stride, s50, s51, accumulate);
        Store(c += stride, s60, s61, accumulate);
        Store(c += stride, s70, s71, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, Vector512<float> left, Vector512<float> right, bool accumulate)
    {
        if (accumulate)
        {
            left += Vector512.Load(c);
            right += Vector512.Load(c + 16);
        }

        left.Store(c);
        right.Store(c + 16);
    }

    /// <summary>The same with 16 registers of 8 values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow(int depth, float* a, nint rowStep, nint depthStep, float* b, float* c, nint stride, int rows, bool accumulate)
    {
        int last = rows - 1;
        float* a0 = a, a1 = a + Math.Min(1, last) * rowStep, a2 = a + Math.Min(2, last) * rowStep;
        float* a3 = a + Math.Min(3, last) * rowStep, a4 = a + Math.Min(4, last) * rowStep, a5 = a + Math.Min(5, last) * rowStep;
        Vector256<float> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default;
        Vector256<float> s30 = default, s31 = default, s40 = default, s41 = default, s50 = default, s51 = default;
        float* end = b + (nint)depth * NarrowColumns;
        nint at = 0;
        for (; b < end; b += NarrowColumns, at += depthStep)
        {
            Vector256<float> left = Vector256.Load(b), right = Vector256.Load(b + 8), x;
            x = Vector256.Create(a0[at]);
            s00 = Vector256.MultiplyAddEstimate(x, left, s00);
            s01 = Vector256.MultiplyAddEstimate(x, right, s01);
            x = Vector256.Create(a1[at]);
            s10 = Vector256.MultiplyAddEstimate(x, left, s10);
            s11 = Vector256.MultiplyAddEstimate(x, right, s11);
            x = Vector256.Create(a2[at]);
            s20 = Vector256.MultiplyAddEstimate(x, left, s20);
            s21 = Vector256.MultiplyAddEstimate(x, right, s21);
            x = Vector256.Create(a3[at]);
            s30 = Vector256.MultiplyAddEstimate(x, left, s30);
            s31 = Vector256.MultiplyAddEstimate(x, right, s31);
            x = Vector256.Create(a4[at]);
            s40 = Vector256.MultiplyAddEstimate(x, left, s40);
            s41 = Vector256.MultiplyAddEstimate(x, right, s41);
            x = Vector256.Create(a5[at]);
            s50 = Vector256.MultiplyAddEstimate(x, left, s50);
            s51 = Vector256.MultiplyAddEstimate(x, right, s51);
        }

        Store(c, s00, s01, accumulate);
        Store(c += stride, s10, s11, accumulate);
        Store(c += stride, s20, s21, accumulate);
        Store(c += stride, s30, s31, accumulate);
        Store(c += stride, s40, s41, accumulate);
        Store(c += stride, s50, s51, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NarrowFour(int depth, float* a0, nint rowStep, nint depthStep, float* b, float* c, nint stride, bool accumulate)
    {
        float* a1 = a0 + rowStep, a2 = a1 + rowStep, a3 = a2 + rowStep;
        Vector256<float> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default;
        float* end = b + (nint)depth * NarrowColumns;
        nint at = 0;
        for (; b < end; b += NarrowColumns, at += depthStep)
        {
            Vector256<float> left = Vector256.Load(b), right = Vector256.Load(b + 8), x;
            x = Vector256.Create(a0[at]);
            s00 = Vector256.MultiplyAddEstimate(x, left, s00);
            s01 = Vector256.MultiplyAddEstimate(x, right, s01);
            x = Vector256.Create(a1[at]);
            s10 = Vector256.MultiplyAddEstimate(x, left, s10);
            s11 = Vector256.MultiplyAddEstimate(x, right, s11);
            x = Vector256.Create(a2[at]);
            s20 = Vector256.MultiplyAddEstimate(x, left, s20);
            s21 = Vector256.MultiplyAddEstimate(x, right, s21);
            x = Vector256.Create(a3[at]);
            s30 = Vector256.MultiplyAddEstimate(x, left, s30);
            s31 = Vector256.MultiplyAddEstimate(x, right, s31);
        }

        Store(c, s00, s01, accumulate);
        Store(c += stride, s10, s11, accumulate);
        Store(c += stride, s20, s21, accumulate);
        Store(c += stride, s30, s31, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, Vector256<float> left, Vector256<float> right, bool accumulate)
    {
        if (accumulate)
        {
            left += Vector256.Load(c);
            right += Vector256.Load(c + 8);
        }

        left.Store(c);
        right.Store(c + 8);
    }
}
