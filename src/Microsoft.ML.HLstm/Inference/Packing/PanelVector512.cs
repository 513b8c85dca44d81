using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary><see cref="PanelVector256{TWeight}"/> for 512-bit vectors.</summary>
internal static class PanelVector512<TWeight>
    where TWeight : unmanaged
{
    /// <inheritdoc cref="PanelVector256{TWeight}.MultiplyAdd"/>
    [MethodImpl(Compiled.AtOnce)]
    public static void MultiplyAdd(ref float x, ref int starts, ref int columnStarts, ref int allColumns, ref TWeight allWeights, ref float scales, ref float y, int panels)
    {
        for (int panel = 0; panel < panels; panel++)
        {
            int start = Unsafe.Add(ref starts, panel), count = Unsafe.Add(ref starts, panel + 1) - start;
            ref int columns = ref Unsafe.Add(ref allColumns, Unsafe.Add(ref columnStarts, panel));
            ref TWeight weights = ref Unsafe.Add(ref allWeights, start * PanelPlan.Rows);
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

            nuint row = (nuint)(panel * PanelPlan.Rows);
            Vector512<float> sum = sum0 + sum1 + (sum2 + sum3);
            Vector512.FusedMultiplyAdd(sum, Vector512.LoadUnsafe(ref scales, row), Vector512.LoadUnsafe(ref y, row)).StoreUnsafe(ref y, row);
        }
    }
}
