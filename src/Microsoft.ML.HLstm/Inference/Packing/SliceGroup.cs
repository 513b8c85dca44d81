using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>
/// A slice of 16 rows times a few vectors that lie apart: every slot is read once for all of them. Five is the usual width of a
/// beam; fewer are put together from three and two.
/// </summary>
internal static class SliceGroup<TSlot>
    where TSlot : unmanaged
{
    /// <summary>The sums of five vectors, each <paramref name="stride"/> after the one before.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static void Five(ref float x, nint stride, ref int windows, ref TSlot slots, int count, int steps, ref float sums)
    {
        Vector512<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default, sum4 = default;
        nuint slot = 0;
        for (int window = 0; window < count; window++)
        {
            ref float at = ref Unsafe.Add(ref x, Unsafe.Add(ref windows, window));
            Vector512<float> low0 = Vector512.LoadUnsafe(ref at), high0 = Vector512.LoadUnsafe(ref at, SlicePlan.Rows);
            at = ref Unsafe.Add(ref at, stride);
            Vector512<float> low1 = Vector512.LoadUnsafe(ref at), high1 = Vector512.LoadUnsafe(ref at, SlicePlan.Rows);
            at = ref Unsafe.Add(ref at, stride);
            Vector512<float> low2 = Vector512.LoadUnsafe(ref at), high2 = Vector512.LoadUnsafe(ref at, SlicePlan.Rows);
            at = ref Unsafe.Add(ref at, stride);
            Vector512<float> low3 = Vector512.LoadUnsafe(ref at), high3 = Vector512.LoadUnsafe(ref at, SlicePlan.Rows);
            at = ref Unsafe.Add(ref at, stride);
            Vector512<float> low4 = Vector512.LoadUnsafe(ref at), high4 = Vector512.LoadUnsafe(ref at, SlicePlan.Rows);
            for (int step = 0; step < steps; step++, slot += SlicePlan.Rows)
            {
                Vector512<float> weights = Weights(ref slots, slot, out Vector512<int> columns);
                sum0 = Vector512.FusedMultiplyAdd(weights, Avx512F.PermuteVar16x32x2(low0, columns, high0), sum0);
                sum1 = Vector512.FusedMultiplyAdd(weights, Avx512F.PermuteVar16x32x2(low1, columns, high1), sum1);
                sum2 = Vector512.FusedMultiplyAdd(weights, Avx512F.PermuteVar16x32x2(low2, columns, high2), sum2);
                sum3 = Vector512.FusedMultiplyAdd(weights, Avx512F.PermuteVar16x32x2(low3, columns, high3), sum3);
                sum4 = Vector512.FusedMultiplyAdd(weights, Avx512F.PermuteVar16x32x2(low4, columns, high4), sum4);
            }
        }

        sum0.StoreUnsafe(ref sums);
        sum1.StoreUnsafe(ref sums, SlicePlan.Rows);
        sum2.StoreUnsafe(ref sums, 2 * SlicePlan.Rows);
        sum3.StoreUnsafe(ref sums, 3 * SlicePlan.Rows);
        sum4.StoreUnsafe(ref sums, 4 * SlicePlan.Rows);
    }

    /// <summary>The sums of three vectors.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static void Three(ref float x, nint stride, ref int windows, ref TSlot slots, int count, int steps, ref float sums)
    {
        Vector512<float> sum0 = default, sum1 = default, sum2 = default;
        nuint slot = 0;
        for (int window = 0; window < count; window++)
        {
            ref float at = ref Unsafe.Add(ref x, Unsafe.Add(ref windows, window));
            Vector512<float> low0 = Vector512.LoadUnsafe(ref at), high0 = Vector512.LoadUnsafe(ref at, SlicePlan.Rows);
            at = ref Unsafe.Add(ref at, stride);
            Vector512<float> low1 = Vector512.LoadUnsafe(ref at), high1 = Vector512.LoadUnsafe(ref at, SlicePlan.Rows);
            at = ref Unsafe.Add(ref at, stride);
            Vector512<float> low2 = Vector512.LoadUnsafe(ref at), high2 = Vector512.LoadUnsafe(ref at, SlicePlan.Rows);
            for (int step = 0; step < steps; step++, slot += SlicePlan.Rows)
            {
                Vector512<float> weights = Weights(ref slots, slot, out Vector512<int> columns);
                sum0 = Vector512.FusedMultiplyAdd(weights, Avx512F.PermuteVar16x32x2(low0, columns, high0), sum0);
                sum1 = Vector512.FusedMultiplyAdd(weights, Avx512F.PermuteVar16x32x2(low1, columns, high1), sum1);
                sum2 = Vector512.FusedMultiplyAdd(weights, Avx512F.PermuteVar16x32x2(low2, columns, high2), sum2);
            }
        }

        sum0.StoreUnsafe(ref sums);
        sum1.StoreUnsafe(ref sums, SlicePlan.Rows);
        sum2.StoreUnsafe(ref sums, 2 * SlicePlan.Rows);
    }

    /// <summary>The sums of two vectors.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static void Two(ref float x, nint stride, ref int windows, ref TSlot slots, int count, int steps, ref float sums)
    {
        Vector512<float> sum0 = default, sum1 = default;
        nuint slot = 0;
        for (int window = 0; window < count; window++)
        {
            ref float at = ref Unsafe.Add(ref x, Unsafe.Add(ref windows, window));
            Vector512<float> low0 = Vector512.LoadUnsafe(ref at), high0 = Vector512.LoadUnsafe(ref at, SlicePlan.Rows);
            at = ref Unsafe.Add(ref at, stride);
            Vector512<float> low1 = Vector512.LoadUnsafe(ref at), high1 = Vector512.LoadUnsafe(ref at, SlicePlan.Rows);
            for (int step = 0; step < steps; step++, slot += SlicePlan.Rows)
            {
                Vector512<float> weights = Weights(ref slots, slot, out Vector512<int> columns);
                sum0 = Vector512.FusedMultiplyAdd(weights, Avx512F.PermuteVar16x32x2(low0, columns, high0), sum0);
                sum1 = Vector512.FusedMultiplyAdd(weights, Avx512F.PermuteVar16x32x2(low1, columns, high1), sum1);
            }
        }

        sum0.StoreUnsafe(ref sums);
        sum1.StoreUnsafe(ref sums, SlicePlan.Rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Weights(ref TSlot slots, nuint slot, out Vector512<int> columns)
    {
        if (typeof(TSlot) == typeof(float))
        {
            var weights = Vector512.LoadUnsafe(ref Unsafe.As<TSlot, float>(ref slots), slot);
            columns = weights.AsInt32();
            return weights;
        }

        columns = Avx512F.ConvertToVector512Int32(Vector256.LoadUnsafe(ref Unsafe.As<TSlot, short>(ref slots), slot));
        return Vector512.ConvertToSingle(columns);
    }
}
