using System.Runtime.CompilerServices;

namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>A panel of 16 rows times one vector.</summary>
internal static class PanelVector<TVector, TSimd, TWeight>
    where TVector : struct
    where TSimd : ISimd<TVector>
    where TWeight : unmanaged
{
    /// <summary>Columns that four vectors cover: 1, 2 or 4.</summary>
    private static int ColumnsAtOnce => 4 * TSimd.Count / PanelPlan.Rows;

    /// <summary>Adds <c>scales[r] * sum_k weights[k, r] x[columns[k]]</c> to the 16 numbers of <paramref name="y"/>.</summary>
    public static void MultiplyAdd(ref float x, ref int columns, ref TWeight weights, int count, ref float scales, ref float y)
    {
        // Four sums hide the latency of the multiplication. Depending on the width they belong to four columns, or two columns
        // of two vectors, or one of four.
        TVector sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        int index = 0;
        for (; index <= count - ColumnsAtOnce; index += ColumnsAtOnce)
        {
            ref TWeight four = ref Unsafe.Add(ref weights, index * PanelPlan.Rows);
            sum0 = TSimd.MultiplyAdd(TSimd.Load(ref four, 0), TSimd.Broadcast(Unsafe.Add(ref x, Unsafe.Add(ref columns, index))), sum0);
            sum1 = TSimd.MultiplyAdd(TSimd.Load(ref four, (nuint)TSimd.Count), TSimd.Broadcast(Unsafe.Add(ref x, Unsafe.Add(ref columns, index + (TSimd.Count / PanelPlan.Rows)))), sum1);
            sum2 = TSimd.MultiplyAdd(TSimd.Load(ref four, (nuint)(2 * TSimd.Count)), TSimd.Broadcast(Unsafe.Add(ref x, Unsafe.Add(ref columns, index + (2 * TSimd.Count / PanelPlan.Rows)))), sum2);
            sum3 = TSimd.MultiplyAdd(TSimd.Load(ref four, (nuint)(3 * TSimd.Count)), TSimd.Broadcast(Unsafe.Add(ref x, Unsafe.Add(ref columns, index + (3 * TSimd.Count / PanelPlan.Rows)))), sum3);
        }

        for (; index < count; index++)
        {
            ref TWeight one = ref Unsafe.Add(ref weights, index * PanelPlan.Rows);
            sum0 = TSimd.MultiplyAdd(TSimd.Load(ref one, 0), TSimd.Broadcast(Unsafe.Add(ref x, Unsafe.Add(ref columns, index))), sum0);
            if (ColumnsAtOnce == 2)
                sum1 = TSimd.MultiplyAdd(TSimd.Load(ref one, (nuint)TSimd.Count), TSimd.Broadcast(Unsafe.Add(ref x, Unsafe.Add(ref columns, index + (TSimd.Count / PanelPlan.Rows)))), sum1);
        }

        if (ColumnsAtOnce == 4)
        {
            Finish(TSimd.Add(TSimd.Add(sum0, sum1), TSimd.Add(sum2, sum3)), ref scales, ref y, 0);
            return;
        }

        Finish(ColumnsAtOnce == 2 ? TSimd.Add(sum0, sum2) : sum0, ref scales, ref y, 0);
        Finish(ColumnsAtOnce == 2 ? TSimd.Add(sum1, sum3) : sum1, ref scales, ref y, 1);
        if (ColumnsAtOnce == 2)
            return;
        Finish(sum2, ref scales, ref y, 2);
        Finish(sum3, ref scales, ref y, 3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(TVector sum, ref float scales, ref float y, int vector)
    {
        nuint offset = (nuint)(vector * TSimd.Count);
        TSimd.Store(TSimd.MultiplyAdd(sum, TSimd.Load(ref scales, offset), TSimd.Load(ref y, offset)), ref y, offset);
    }
}
