using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>
/// The same with vectors of 8 values, for processors without longer ones: the compiler does not always inline what the library
/// puts in the place of 16.
/// </summary>
internal static unsafe partial class SparseTile
{
    /// <summary>Sums and pointers find room in 16 registers each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NarrowDots(float* g, nint stepG, float* x0, float* x1, float* x2, float* x3, float* x4, float* x5, float* x6, float* x7, nint stepX, int panels, int lanes, int count, float* sums)
    {
        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        nint at = 0;
        for (int panel = 0; panel < panels; panel++, g += stepG, at += stepX - lanes)
        {
            for (int lane = 0; lane < lanes; lane += 8, at += 8)
            {
                Vector256<float> gradient = Vector256.Load(g + lane);
                s0 = Vector256.MultiplyAddEstimate(gradient, Vector256.Load(x0 + at), s0);
                s1 = Vector256.MultiplyAddEstimate(gradient, Vector256.Load(x1 + at), s1);
                s2 = Vector256.MultiplyAddEstimate(gradient, Vector256.Load(x2 + at), s2);
                s3 = Vector256.MultiplyAddEstimate(gradient, Vector256.Load(x3 + at), s3);
                s4 = Vector256.MultiplyAddEstimate(gradient, Vector256.Load(x4 + at), s4);
                s5 = Vector256.MultiplyAddEstimate(gradient, Vector256.Load(x5 + at), s5);
                s6 = Vector256.MultiplyAddEstimate(gradient, Vector256.Load(x6 + at), s6);
                s7 = Vector256.MultiplyAddEstimate(gradient, Vector256.Load(x7 + at), s7);
            }
        }

        Add(Vector256.Create(Vector256.Sum(s0), Vector256.Sum(s1), Vector256.Sum(s2), Vector256.Sum(s3), Vector256.Sum(s4), Vector256.Sum(s5), Vector256.Sum(s6), Vector256.Sum(s7)), count, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NarrowFour(int* indices, float* weights, int count, float* x, float* to)
    {
        Vector256<float> a = Vector256.Load(to), b = Vector256.Load(to + 8), c = Vector256.Load(to + 16), d = Vector256.Load(to + 24);
        Vector256<float> e = Vector256.Load(to + 32), f = Vector256.Load(to + 40), g = Vector256.Load(to + 48), h = Vector256.Load(to + 56);
        for (int k = 0; k < count; k++)
        {
            var weight = Vector256.Create(weights[k]);
            float* from = x + (nint)indices[k] * 64;
            a = Vector256.MultiplyAddEstimate(weight, Vector256.Load(from), a);
            b = Vector256.MultiplyAddEstimate(weight, Vector256.Load(from + 8), b);
            c = Vector256.MultiplyAddEstimate(weight, Vector256.Load(from + 16), c);
            d = Vector256.MultiplyAddEstimate(weight, Vector256.Load(from + 24), d);
            e = Vector256.MultiplyAddEstimate(weight, Vector256.Load(from + 32), e);
            f = Vector256.MultiplyAddEstimate(weight, Vector256.Load(from + 40), f);
            g = Vector256.MultiplyAddEstimate(weight, Vector256.Load(from + 48), g);
            h = Vector256.MultiplyAddEstimate(weight, Vector256.Load(from + 56), h);
        }

        a.Store(to);
        b.Store(to + 8);
        c.Store(to + 16);
        d.Store(to + 24);
        e.Store(to + 32);
        f.Store(to + 40);
        g.Store(to + 48);
        h.Store(to + 56);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NarrowTwo(int* indices, float* weights, int count, float* x, float* to)
    {
        Vector256<float> a = Vector256.Load(to), b = Vector256.Load(to + 8), c = Vector256.Load(to + 16), d = Vector256.Load(to + 24);
        for (int k = 0; k < count; k++)
        {
            var weight = Vector256.Create(weights[k]);
            float* from = x + (nint)indices[k] * 32;
            a = Vector256.MultiplyAddEstimate(weight, Vector256.Load(from), a);
            b = Vector256.MultiplyAddEstimate(weight, Vector256.Load(from + 8), b);
            c = Vector256.MultiplyAddEstimate(weight, Vector256.Load(from + 16), c);
            d = Vector256.MultiplyAddEstimate(weight, Vector256.Load(from + 24), d);
        }

        a.Store(to);
        b.Store(to + 8);
        c.Store(to + 16);
        d.Store(to + 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NarrowOne(int* indices, float* weights, int count, float* x, float* to)
    {
        Vector256<float> a = Vector256.Load(to), b = Vector256.Load(to + 8);
        for (int k = 0; k < count; k++)
        {
            var weight = Vector256.Create(weights[k]);
            float* from = x + (nint)indices[k] * 16;
            a = Vector256.MultiplyAddEstimate(weight, Vector256.Load(from), a);
            b = Vector256.MultiplyAddEstimate(weight, Vector256.Load(from + 8), b);
        }

        a.Store(to);
        b.Store(to + 8);
    }
}
