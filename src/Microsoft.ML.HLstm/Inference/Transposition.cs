using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// Transposes blocks of 16 x 16 in registers, 4 x 4 without AVX-512: whole cache lines on both sides, because lines that lie
/// a power of two apart do not stay in the cache until the next few of their values are needed.
/// </summary>
internal static unsafe class Transposition
{
    private const int PageValues = 1024, LineValues = 16;

    private static int Block => Avx512F.IsSupported ? 16 : 4;

    /// <summary>
    /// A stride for rows of some width: at least that, and not a multiple of a page, because the same values of such rows would share a few cache sets.
    /// </summary>
    public static int Apart(int width) => width % PageValues == 0 ? width + LineValues : width;

    /// <summary>to (columns, rows) (+)= the transpose of from (rows, columns), both with strides.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static void Run(float* from, nint fromStride, int rows, int columns, float* to, nint toStride, bool accumulate)
    {
        int fullRows = Sse.IsSupported ? rows & -Block : 0, fullColumns = columns & -Block;
        // Along the side whose lines lie farther apart, so that few pages are in use at a time.
        bool down = toStride > fromStride;
        int outer = down ? fullColumns : fullRows, inner = down ? fullRows : fullColumns;
        for (int i = 0; i < outer; i += Block)
        {
            for (int j = 0; j < inner; j += Block)
            {
                (int row, int column) = down ? (j, i) : (i, j);
                if (Avx512F.IsSupported)
                    Square(from + row * fromStride + column, fromStride, to + column * toStride + row, toStride, accumulate);
                else
                    SmallSquare(from + row * fromStride + column, fromStride, to + column * toStride + row, toStride, accumulate);
            }
        }

        for (int row = 0; row < rows; row++)
        {
            for (int column = row < fullRows ? fullColumns : 0; column < columns; column++)
            {
                float* target = to + column * toStride + row;
                float value = from[row * fromStride + column];
                *target = accumulate ? *target + value : value;
            }
        }
    }

    [MethodImpl(Compiled.AtOnce)]
    private static void Square(float* from, nint fromStride, float* to, nint toStride, bool accumulate)
    {
        Four(from, fromStride, out Vector512<float> a0, out Vector512<float> a1, out Vector512<float> a2, out Vector512<float> a3);
        Four(from + 4 * fromStride, fromStride, out Vector512<float> b0, out Vector512<float> b1, out Vector512<float> b2, out Vector512<float> b3);
        Four(from + 8 * fromStride, fromStride, out Vector512<float> c0, out Vector512<float> c1, out Vector512<float> c2, out Vector512<float> c3);
        Four(from + 12 * fromStride, fromStride, out Vector512<float> d0, out Vector512<float> d1, out Vector512<float> d2, out Vector512<float> d3);
        Quarters(a0, b0, c0, d0, to, 4 * toStride, accumulate);
        Quarters(a1, b1, c1, d1, to + toStride, 4 * toStride, accumulate);
        Quarters(a2, b2, c2, d2, to + 2 * toStride, 4 * toStride, accumulate);
        Quarters(a3, b3, c3, d3, to + 3 * toStride, 4 * toStride, accumulate);
    }

    [MethodImpl(Compiled.AtOnce)]
    private static void SmallSquare(float* from, nint fromStride, float* to, nint toStride, bool accumulate)
    {
        Vector128<float> a = Vector128.Load(from), b = Vector128.Load(from + fromStride);
        Vector128<float> c = Vector128.Load(from + 2 * fromStride), d = Vector128.Load(from + 3 * fromStride);
        Vector128<float> ab = Sse.UnpackLow(a, b), cd = Sse.UnpackLow(c, d), abHigh = Sse.UnpackHigh(a, b), cdHigh = Sse.UnpackHigh(c, d);
        Store(Sse.MoveLowToHigh(ab, cd), to, accumulate);
        Store(Sse.MoveHighToLow(cd, ab), to + toStride, accumulate);
        Store(Sse.MoveLowToHigh(abHigh, cdHigh), to + 2 * toStride, accumulate);
        Store(Sse.MoveHighToLow(cdHigh, abHigh), to + 3 * toStride, accumulate);
    }

    /// <summary>Four rows; quarter q of result c is column 4q + c of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(float* from, nint stride, out Vector512<float> c0, out Vector512<float> c1, out Vector512<float> c2, out Vector512<float> c3)
    {
        Vector512<float> a = Vector512.Load(from), b = Vector512.Load(from + stride);
        Vector512<float> c = Vector512.Load(from + 2 * stride), d = Vector512.Load(from + 3 * stride);
        Vector512<double> ab = Avx512F.UnpackLow(a, b).AsDouble(), cd = Avx512F.UnpackLow(c, d).AsDouble();
        Vector512<double> abHigh = Avx512F.UnpackHigh(a, b).AsDouble(), cdHigh = Avx512F.UnpackHigh(c, d).AsDouble();
        c0 = Avx512F.UnpackLow(ab, cd).AsSingle();
        c1 = Avx512F.UnpackHigh(ab, cd).AsSingle();
        c2 = Avx512F.UnpackLow(abHigh, cdHigh).AsSingle();
        c3 = Avx512F.UnpackHigh(abHigh, cdHigh).AsSingle();
    }

    /// <summary>Writes four rows: row q is quarter q of each of the four vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarters(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* to, nint stride, bool accumulate)
    {
        Vector512<float> ab = Avx512F.Shuffle4x128(a, b, 0x44), cd = Avx512F.Shuffle4x128(c, d, 0x44);
        Vector512<float> abHigh = Avx512F.Shuffle4x128(a, b, 0xEE), cdHigh = Avx512F.Shuffle4x128(c, d, 0xEE);
        Store(Avx512F.Shuffle4x128(ab, cd, 0x88), to, accumulate);
        Store(Avx512F.Shuffle4x128(ab, cd, 0xDD), to + stride, accumulate);
        Store(Avx512F.Shuffle4x128(abHigh, cdHigh, 0x88), to + 2 * stride, accumulate);
        Store(Avx512F.Shuffle4x128(abHigh, cdHigh, 0xDD), to + 3 * stride, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> row, float* to, bool accumulate) => (accumulate ? row + Vector512.Load(to) : row).Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<float> row, float* to, bool accumulate) => (accumulate ? row + Vector128.Load(to) : row).Store(to);
}
