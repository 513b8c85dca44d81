using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>
/// <see cref="PanelVector{TVector, TSimd, TWeight}"/> written for 256-bit vectors, so that it can be compiled at once: the general
/// one depends on what the second tier of the compiler makes of it: a whole run of the benchmark had it at a fifth of its speed.
/// </summary>
internal static class PanelVector256<TWeight>
    where TWeight : unmanaged
{
    /// <summary>
    /// For each of the first <paramref name="panels"/>, which are whole, what <see cref="PanelVector{TVector, TSimd, TWeight}.MultiplyAdd"/> does for one: a
    /// call a panel would take as long as a dozen of its columns.
    /// </summary>
    [MethodImpl(Compiled.AtOnce)]
    public static void MultiplyAdd(ref float x, ref int starts, ref int columnStarts, ref int allColumns, ref TWeight allWeights, ref float scales, ref float y, int panels)
    {
        for (int panel = 0; panel < panels; panel++)
        {
            int start = Unsafe.Add(ref starts, panel), count = Unsafe.Add(ref starts, panel + 1) - start;
            ref int columns = ref Unsafe.Add(ref allColumns, Unsafe.Add(ref columnStarts, panel));
            ref TWeight weights = ref Unsafe.Add(ref allWeights, start * PanelPlan.Rows);
            Vector256<float> low = default, high = default, nextLow = default, nextHigh = default;
            int index = 0;
            for (; index + 1 < count; index += 2)
            {
                var first = Vector256.Create(Unsafe.Add(ref x, columns));
                low = Vector256.FusedMultiplyAdd(Simd256.Load(ref weights, 0), first, low);
                high = Vector256.FusedMultiplyAdd(Simd256.Load(ref weights, 8), first, high);
                var second = Vector256.Create(Unsafe.Add(ref x, Unsafe.Add(ref columns, 1)));
                nextLow = Vector256.FusedMultiplyAdd(Simd256.Load(ref weights, 16), second, nextLow);
                nextHigh = Vector256.FusedMultiplyAdd(Simd256.Load(ref weights, 24), second, nextHigh);
                weights = ref Unsafe.Add(ref weights, 2 * PanelPlan.Rows);
                columns = ref Unsafe.Add(ref columns, 2);
            }

            if (index < count)
            {
                var last = Vector256.Create(Unsafe.Add(ref x, columns));
                low = Vector256.FusedMultiplyAdd(Simd256.Load(ref weights, 0), last, low);
                high = Vector256.FusedMultiplyAdd(Simd256.Load(ref weights, 8), last, high);
            }

            nuint row = (nuint)(panel * PanelPlan.Rows);
            Vector256.FusedMultiplyAdd(low + nextLow, Vector256.LoadUnsafe(ref scales, row), Vector256.LoadUnsafe(ref y, row)).StoreUnsafe(ref y, row);
            Vector256.FusedMultiplyAdd(high + nextHigh, Vector256.LoadUnsafe(ref scales, row + 8), Vector256.LoadUnsafe(ref y, row + 8)).StoreUnsafe(ref y, row + 8);
        }
    }
}
