using System.Runtime.CompilerServices;

namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>One sparse row times as many vectors side by side as a register has lanes.</summary>
internal static class CsrLanes<TVector, TSimd>
    where TVector : struct
    where TSimd : ISimd<TVector>
{
    /// <summary>Adds <c>sum_k weights[k] x[columns[k] * stride + lane]</c> to <paramref name="y"/> for every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyAdd(ref float x, int stride, ref int columns, ref float weights, int count, ref float y)
    {
        TVector sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        int index = 0;
        for (; index <= count - 4; index += 4)
        {
            sum0 = Product(ref x, stride, ref columns, ref weights, index, sum0);
            sum1 = Product(ref x, stride, ref columns, ref weights, index + 1, sum1);
            sum2 = Product(ref x, stride, ref columns, ref weights, index + 2, sum2);
            sum3 = Product(ref x, stride, ref columns, ref weights, index + 3, sum3);
        }

        for (; index < count; index++)
            sum0 = Product(ref x, stride, ref columns, ref weights, index, sum0);
        sum0 = TSimd.Add(TSimd.Add(sum0, sum1), TSimd.Add(sum2, sum3));
        TSimd.Store(TSimd.Add(sum0, TSimd.Load(ref y, 0)), ref y, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Product(ref float x, int stride, ref int columns, ref float weights, int index, TVector sum) =>
        TSimd.MultiplyAdd(
            TSimd.Load(ref x, (nuint)(uint)Unsafe.Add(ref columns, index) * (nuint)(uint)stride),
            TSimd.Broadcast(Unsafe.Add(ref weights, index)),
            sum);
}
