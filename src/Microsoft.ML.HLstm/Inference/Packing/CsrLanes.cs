using System.Runtime.CompilerServices;

namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>One sparse row times vectors side by side: as many as a register has lanes, or two, three or four registers of them.</summary>
internal static class CsrLanes<TVector, TSimd>
    where TVector : struct
    where TSimd : ISimd<TVector>
{
    /// <summary>Adds <c>sum_k weights[k] x[columns[k] * stride + lane]</c> to <paramref name="y"/> for every lane.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static void MultiplyAdd(ref float x, int stride, ref int columns, ref float weights, int count, ref float y)
    {
        // Written out: the compiler stops inlining once a method has grown tenfold, and a call costs more than a product.
        TVector sum0 = default, sum1 = default;
        int index = 0;
        for (; index <= count - 2; index += 2)
        {
            nuint first = (nuint)(uint)Unsafe.Add(ref columns, index) * (nuint)(uint)stride;
            nuint second = (nuint)(uint)Unsafe.Add(ref columns, index + 1) * (nuint)(uint)stride;
            sum0 = TSimd.MultiplyAdd(TSimd.Load(ref x, first), TSimd.Broadcast(Unsafe.Add(ref weights, index)), sum0);
            sum1 = TSimd.MultiplyAdd(TSimd.Load(ref x, second), TSimd.Broadcast(Unsafe.Add(ref weights, index + 1)), sum1);
        }

        if (index < count)
        {
            nuint last = (nuint)(uint)Unsafe.Add(ref columns, index) * (nuint)(uint)stride;
            sum0 = TSimd.MultiplyAdd(TSimd.Load(ref x, last), TSimd.Broadcast(Unsafe.Add(ref weights, index)), sum0);
        }

        TSimd.Store(TSimd.Add(TSimd.Add(sum0, sum1), TSimd.Load(ref y, 0)), ref y, 0);
    }

    /// <summary>The same for twice as many lanes.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static void MultiplyAddTwo(ref float x, int stride, ref int columns, ref float weights, int count, ref float y)
    {
        nuint width = (nuint)TSimd.Count;
        TVector even0 = TSimd.Load(ref y, 0), even1 = TSimd.Load(ref y, width), odd0 = default, odd1 = default;
        int index = 0;
        for (; index <= count - 2; index += 2)
        {
            nuint first = (nuint)(uint)Unsafe.Add(ref columns, index) * (nuint)(uint)stride;
            nuint second = (nuint)(uint)Unsafe.Add(ref columns, index + 1) * (nuint)(uint)stride;
            TVector even = TSimd.Broadcast(Unsafe.Add(ref weights, index)), odd = TSimd.Broadcast(Unsafe.Add(ref weights, index + 1));
            even0 = TSimd.MultiplyAdd(TSimd.Load(ref x, first), even, even0);
            even1 = TSimd.MultiplyAdd(TSimd.Load(ref x, first + width), even, even1);
            odd0 = TSimd.MultiplyAdd(TSimd.Load(ref x, second), odd, odd0);
            odd1 = TSimd.MultiplyAdd(TSimd.Load(ref x, second + width), odd, odd1);
        }

        if (index < count)
        {
            nuint last = (nuint)(uint)Unsafe.Add(ref columns, index) * (nuint)(uint)stride;
            TVector weight = TSimd.Broadcast(Unsafe.Add(ref weights, index));
            even0 = TSimd.MultiplyAdd(TSimd.Load(ref x, last), weight, even0);
            even1 = TSimd.MultiplyAdd(TSimd.Load(ref x, last + width), weight, even1);
        }

        TSimd.Store(TSimd.Add(even0, odd0), ref y, 0);
        TSimd.Store(TSimd.Add(even1, odd1), ref y, width);
    }

    /// <summary>The same for three times as many lanes.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static void MultiplyAddThree(ref float x, int stride, ref int columns, ref float weights, int count, ref float y)
    {
        nuint width = (nuint)TSimd.Count;
        TVector sum0 = TSimd.Load(ref y, 0), sum1 = TSimd.Load(ref y, width), sum2 = TSimd.Load(ref y, 2 * width);
        for (int index = 0; index < count; index++)
        {
            nuint at = (nuint)(uint)Unsafe.Add(ref columns, index) * (nuint)(uint)stride;
            TVector weight = TSimd.Broadcast(Unsafe.Add(ref weights, index));
            sum0 = TSimd.MultiplyAdd(TSimd.Load(ref x, at), weight, sum0);
            sum1 = TSimd.MultiplyAdd(TSimd.Load(ref x, at + width), weight, sum1);
            sum2 = TSimd.MultiplyAdd(TSimd.Load(ref x, at + (2 * width)), weight, sum2);
        }

        TSimd.Store(sum0, ref y, 0);
        TSimd.Store(sum1, ref y, width);
        TSimd.Store(sum2, ref y, 2 * width);
    }

    /// <summary>The same for four times as many lanes: each connection is read once for all of them.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static void MultiplyAddFour(ref float x, int stride, ref int columns, ref float weights, int count, ref float y)
    {
        nuint width = (nuint)TSimd.Count;
        TVector sum0 = TSimd.Load(ref y, 0), sum1 = TSimd.Load(ref y, width), sum2 = TSimd.Load(ref y, 2 * width), sum3 = TSimd.Load(ref y, 3 * width);
        for (int index = 0; index < count; index++)
        {
            nuint at = (nuint)(uint)Unsafe.Add(ref columns, index) * (nuint)(uint)stride;
            TVector weight = TSimd.Broadcast(Unsafe.Add(ref weights, index));
            sum0 = TSimd.MultiplyAdd(TSimd.Load(ref x, at), weight, sum0);
            sum1 = TSimd.MultiplyAdd(TSimd.Load(ref x, at + width), weight, sum1);
            sum2 = TSimd.MultiplyAdd(TSimd.Load(ref x, at + (2 * width)), weight, sum2);
            sum3 = TSimd.MultiplyAdd(TSimd.Load(ref x, at + (3 * width)), weight, sum3);
        }

        TSimd.Store(sum0, ref y, 0);
        TSimd.Store(sum1, ref y, width);
        TSimd.Store(sum2, ref y, 2 * width);
        TSimd.Store(sum3, ref y, 3 * width);
    }
}
