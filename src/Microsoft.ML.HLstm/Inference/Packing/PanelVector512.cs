using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary><see cref="PanelVector256{TWeight}"/> for 512-bit vectors.</summary>
internal static class PanelVector512<TWeight>
    where TWeight : unmanaged
{
    /// <inheritdoc cref="PanelVector{TVector, TSimd, TWeight}.MultiplyAdd"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyAdd(ref float x, ref int columns, ref TWeight weights, int count, ref float scales, ref float y)
    {
        Vector512<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        int index = 0;
        for (; index + 3 < count; index += 4)
        {
            sum0 = Vector512.FusedMultiplyAdd(Simd512.Load(ref weights, 0), Vector512.Create(Unsafe.Add(ref x, columns)), sum0);
            sum1 = Vector512.FusedMultiplyAdd(Simd512.Load(ref weights, 16), Vector512.Create(Unsafe.Add(ref x, Unsafe.Add(ref columns, 1))), sum1);
            sum2 = Vector512.FusedMultiplyAdd(Simd512.Load(ref weights, 32), Vector512.Create(Unsafe.Add(ref x, Unsafe.Add(ref columns, 2))), sum2);
            sum3 = Vector512.FusedMultiplyAdd(Simd512.Load(ref weights, 48), Vector512.Create(Unsafe.Add(ref x, Unsafe.Add(ref columns, 3))), sum3);
            weights = ref Unsafe.Add(ref weights, 4 * PanelPlan.Rows);
            columns = ref Unsafe.Add(ref columns, 4);
        }

        for (; index < count; index++)
        {
            sum0 = Vector512.FusedMultiplyAdd(Simd512.Load(ref weights, 0), Vector512.Create(Unsafe.Add(ref x, columns)), sum0);
            weights = ref Unsafe.Add(ref weights, PanelPlan.Rows);
            columns = ref Unsafe.Add(ref columns, 1);
        }

        Vector512<float> sum = sum0 + sum1 + (sum2 + sum3);
        Vector512.FusedMultiplyAdd(sum, Vector512.LoadUnsafe(ref scales), Vector512.LoadUnsafe(ref y)).StoreUnsafe(ref y);
    }
}
