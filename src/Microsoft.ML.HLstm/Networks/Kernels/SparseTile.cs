using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>
/// The innermost parts of sparse products, on panels (units, lanes): the sums of an output unit stay in registers while its
/// connections go by, each a weight times the lanes of an input unit.
/// </summary>
internal static unsafe partial class SparseTile
{
    /// <summary>Connections whose gradients are summed at once.</summary>
    public const int Connections = 8;

    /// <summary>
    /// to (end - first, lanes) (+)= rows first to end of a block of columns of the matrix times the panel x (K, lanes).
    /// </summary>
    public static void Multiply(CompressedRows matrix, int block, float* weights, float* x, int lanes, int first, int end, float* to, bool accumulate)
    {
        if (!accumulate)
            new Span<float>(to, (end - first) * lanes).Clear();
        int* starts = matrix.Starts + (nint)block * matrix.Rows;
        for (int row = first; row < end; row++, to += lanes)
        {
            int start = starts[row], count = starts[row + 1] - start;
            if (lanes == 64)
                Four(matrix.Indices + start, weights + start, count, x, to);
            else if (lanes == 32)
                Two(matrix.Indices + start, weights + start, count, x, to);
            else
                One(matrix.Indices + start, weights + start, count, x, to);
        }
    }

    /// <summary>
    /// sums[c] += Σ over lanes of g · (unit indices[c] of x), for <paramref name="count"/> connections, at most
    /// <see cref="Connections"/>. Panels of g and of x follow one another a step apart.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dots(float* g, nint stepG, float* x, nint stepX, int panels, int lanes, int* indices, int count, float* sums)
    {
        int last = count - 1;
        float* x0 = x + (nint)indices[0] * lanes, x1 = x + (nint)indices[Math.Min(1, last)] * lanes;
        float* x2 = x + (nint)indices[Math.Min(2, last)] * lanes, x3 = x + (nint)indices[Math.Min(3, last)] * lanes;
        float* x4 = x + (nint)indices[Math.Min(4, last)] * lanes, x5 = x + (nint)indices[Math.Min(5, last)] * lanes;
        float* x6 = x + (nint)indices[Math.Min(6, last)] * lanes, x7 = x + (nint)indices[Math.Min(7, last)] * lanes;
        if (!Vector512.IsHardwareAccelerated)
        {
            NarrowDots(g, stepG, x0, x1, x2, x3, x4, x5, x6, x7, stepX, panels, lanes, count, sums);
            return;
        }

        if (count <= Connections / 2)
        {
            FewDots(g, stepG, x0, x1, x2, x3, stepX, panels, lanes, count, sums);
            return;
        }

        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        nint at = 0;
        for (int panel = 0; panel < panels; panel++, g += stepG, at += stepX - lanes)
        {
            for (int lane = 0; lane < lanes; lane += VectorMath.Width, at += VectorMath.Width)
            {
                Vector512<float> gradient = Vector512.Load(g + lane);
                s0 = Vector512.MultiplyAddEstimate(gradient, Vector512.Load(x0 + at), s0);
                s1 = Vector512.MultiplyAddEstimate(gradient, Vector512.Load(x1 + at), s1);
                s2 = Vector512.MultiplyAddEstimate(gradient, Vector512.Load(x2 + at), s2);
                s3 = Vector512.MultiplyAddEstimate(gradient, Vector512.Load(x3 + at), s3);
                s4 = Vector512.MultiplyAddEstimate(gradient, Vector512.Load(x4 + at), s4);
                s5 = Vector512.MultiplyAddEstimate(gradient, Vector512.Load(x5 + at), s5);
                s6 = Vector512.MultiplyAddEstimate(gradient, Vector512.Load(x6 + at), s6);
                s7 = Vector512.MultiplyAddEstimate(gradient, Vector512.Load(x7 + at), s7);
            }
        }

        Add(Sums(s0, s1, s2, s3, s4, s5, s6, s7), count, sums);
    }

    /// <summary>Half as many connections, which is what is left of most rows of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FewDots(float* g, nint stepG, float* x0, float* x1, float* x2, float* x3, nint stepX, int panels, int lanes, int count, float* sums)
    {
        Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
        nint at = 0;
        for (int panel = 0; panel < panels; panel++, g += stepG, at += stepX - lanes)
        {
            for (int lane = 0; lane < lanes; lane += VectorMath.Width, at += VectorMath.Width)
            {
                Vector512<float> gradient = Vector512.Load(g + lane);
                s0 = Vector512.MultiplyAddEstimate(gradient, Vector512.Load(x0 + at), s0);
                s1 = Vector512.MultiplyAddEstimate(gradient, Vector512.Load(x1 + at), s1);
                s2 = Vector512.MultiplyAddEstimate(gradient, Vector512.Load(x2 + at), s2);
                s3 = Vector512.MultiplyAddEstimate(gradient, Vector512.Load(x3 + at), s3);
            }
        }

        Add(Sums(s0, s1, s2, s3, default, default, default, default), count, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector256<float> all, int count, float* sums)
    {
        if (count == Connections)
        {
            (Vector256.Load(sums) + all).Store(sums);
            return;
        }

        for (int c = 0; c < count; c++)
            sums[c] += all[c];
    }

    /// <summary>The sum of each vector's values: added in pairs while vectors are merged, three operations a vector instead of nine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Sums(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, Vector512<float> e, Vector512<float> f, Vector512<float> g, Vector512<float> h)
    {
        if (!Avx512F.IsSupported)
            return Vector256.Create(Vector512.Sum(a), Vector512.Sum(b), Vector512.Sum(c), Vector512.Sum(d), Vector512.Sum(e), Vector512.Sum(f), Vector512.Sum(g), Vector512.Sum(h));
        // Every quarter then holds four partial sums, of a to d and of e to h.
        Vector512<float> first = Quarters(Pairs(a, b), Pairs(c, d)), second = Quarters(Pairs(e, f), Pairs(g, h));
        Vector512<float> all = Avx512F.Shuffle4x128(first, second, 0x88) + Avx512F.Shuffle4x128(first, second, 0xDD);
        Vector256<float> low = all.GetLower(), high = all.GetUpper();
        return Vector256.Create(low.GetLower() + low.GetUpper(), high.GetLower() + high.GetUpper());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Pairs(Vector512<float> a, Vector512<float> b) => Avx512F.UnpackLow(a, b) + Avx512F.UnpackHigh(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Quarters(Vector512<float> a, Vector512<float> b) =>
        Avx512F.UnpackLow(a.AsDouble(), b.AsDouble()).AsSingle() + Avx512F.UnpackHigh(a.AsDouble(), b.AsDouble()).AsSingle();

    // Even and odd connections of a row are summed apart, because a sum cannot take the next product before it has the last one; in the same order for
    // every number of lanes, so that a batch that threads have split gives the same.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(int* indices, float* weights, int count, float* x, float* to)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            NarrowFour(indices, weights, count, x, to);
            return;
        }

        Vector512<float> a = Vector512.Load(to), b = Vector512.Load(to + 16), c = Vector512.Load(to + 32), d = Vector512.Load(to + 48);
        Vector512<float> e = default, f = default, g = default, h = default;
        int k = 0;
        for (; k < count - 1; k += 2)
        {
            Vector512<float> even = Vector512.Create(weights[k]), odd = Vector512.Create(weights[k + 1]);
            float* first = x + (nint)indices[k] * 64, second = x + (nint)indices[k + 1] * 64;
            a = Vector512.MultiplyAddEstimate(even, Vector512.Load(first), a);
            b = Vector512.MultiplyAddEstimate(even, Vector512.Load(first + 16), b);
            c = Vector512.MultiplyAddEstimate(even, Vector512.Load(first + 32), c);
            d = Vector512.MultiplyAddEstimate(even, Vector512.Load(first + 48), d);
            e = Vector512.MultiplyAddEstimate(odd, Vector512.Load(second), e);
            f = Vector512.MultiplyAddEstimate(odd, Vector512.Load(second + 16), f);
            g = Vector512.MultiplyAddEstimate(odd, Vector512.Load(second + 32), g);
            h = Vector512.MultiplyAddEstimate(odd, Vector512.Load(second + 48), h);
        }

        if (k < count)
        {
            Vector512<float> last = Vector512.Create(weights[k]);
            float* from = x + (nint)indices[k] * 64;
            a = Vector512.MultiplyAddEstimate(last, Vector512.Load(from), a);
            b = Vector512.MultiplyAddEstimate(last, Vector512.Load(from + 16), b);
            c = Vector512.MultiplyAddEstimate(last, Vector512.Load(from + 32), c);
            d = Vector512.MultiplyAddEstimate(last, Vector512.Load(from + 48), d);
        }

        (a + e).Store(to);
        (b + f).Store(to + 16);
        (c + g).Store(to + 32);
        (d + h).Store(to + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two(int* indices, float* weights, int count, float* x, float* to)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            NarrowTwo(indices, weights, count, x, to);
            return;
        }

        Vector512<float> a = Vector512.Load(to), b = Vector512.Load(to + 16);
        Vector512<float> c = default, d = default;
        int k = 0;
        for (; k < count - 1; k += 2)
        {
            Vector512<float> even = Vector512.Create(weights[k]), odd = Vector512.Create(weights[k + 1]);
            float* first = x + (nint)indices[k] * 32, second = x + (nint)indices[k + 1] * 32;
            a = Vector512.MultiplyAddEstimate(even, Vector512.Load(first), a);
            b = Vector512.MultiplyAddEstimate(even, Vector512.Load(first + 16), b);
            c = Vector512.MultiplyAddEstimate(odd, Vector512.Load(second), c);
            d = Vector512.MultiplyAddEstimate(odd, Vector512.Load(second + 16), d);
        }

        if (k < count)
        {
            Vector512<float> last = Vector512.Create(weights[k]);
            float* from = x + (nint)indices[k] * 32;
            a = Vector512.MultiplyAddEstimate(last, Vector512.Load(from), a);
            b = Vector512.MultiplyAddEstimate(last, Vector512.Load(from + 16), b);
        }

        (a + c).Store(to);
        (b + d).Store(to + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(int* indices, float* weights, int count, float* x, float* to)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            NarrowOne(indices, weights, count, x, to);
            return;
        }

        Vector512<float> a = Vector512.Load(to), b = default;
        int k = 0;
        for (; k < count - 1; k += 2)
        {
            a = Vector512.MultiplyAddEstimate(Vector512.Create(weights[k]), Vector512.Load(x + (nint)indices[k] * 16), a);
            b = Vector512.MultiplyAddEstimate(Vector512.Create(weights[k + 1]), Vector512.Load(x + (nint)indices[k + 1] * 16), b);
        }

        if (k < count)
            a = Vector512.MultiplyAddEstimate(Vector512.Create(weights[k]), Vector512.Load(x + (nint)indices[k] * 16), a);
        (a + b).Store(to);
    }
}
