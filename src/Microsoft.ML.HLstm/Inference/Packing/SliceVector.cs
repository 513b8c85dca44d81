using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>Slices of 16 rows times one vector, all in one call, by the number of steps that share a window.</summary>
internal static class SliceVector<TSlot>
    where TSlot : unmanaged
{
    /// <summary>One step a window, for the sparsest masks: adds to 16 numbers of <paramref name="y"/> for each slice.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static void One(ref float x, ref int windowStarts, int slices, ref int windows, ref TSlot slots, ref float scales, ref float y)
    {
        int window = windowStarts;
        for (int slice = 0; slice < slices; slice++)
        {
            int end = Unsafe.Add(ref windowStarts, slice + 1);
            Vector512<float> sum0 = default, sum1 = default;
            for (; window <= end - 2; window += 2)
            {
                ref float low0 = ref Unsafe.Add(ref x, Unsafe.Add(ref windows, window));
                ref float low1 = ref Unsafe.Add(ref x, Unsafe.Add(ref windows, window + 1));
                sum0 = Step(Vector512.LoadUnsafe(ref low0), Vector512.LoadUnsafe(ref low0, SlicePlan.Rows), ref slots, window, sum0);
                sum1 = Step(Vector512.LoadUnsafe(ref low1), Vector512.LoadUnsafe(ref low1, SlicePlan.Rows), ref slots, window + 1, sum1);
            }

            if (window < end)
            {
                ref float low = ref Unsafe.Add(ref x, Unsafe.Add(ref windows, window));
                sum0 = Step(Vector512.LoadUnsafe(ref low), Vector512.LoadUnsafe(ref low, SlicePlan.Rows), ref slots, window++, sum0);
            }

            Add(sum0 + sum1, ref scales, ref y, slice);
        }
    }

    /// <summary>Two steps a window.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static void Two(ref float x, ref int windowStarts, int slices, ref int windows, ref TSlot slots, ref float scales, ref float y)
    {
        int window = windowStarts;
        for (int slice = 0; slice < slices; slice++)
        {
            Vector512<float> sum0 = default, sum1 = default;
            for (int end = Unsafe.Add(ref windowStarts, slice + 1); window < end; window++)
            {
                ref float start = ref Unsafe.Add(ref x, Unsafe.Add(ref windows, window));
                var low = Vector512.LoadUnsafe(ref start);
                var high = Vector512.LoadUnsafe(ref start, SlicePlan.Rows);
                sum0 = Step(low, high, ref slots, 2 * window, sum0);
                sum1 = Step(low, high, ref slots, (2 * window) + 1, sum1);
            }

            Add(sum0 + sum1, ref scales, ref y, slice);
        }
    }

    /// <summary>Four steps a window, for masks that are only just sparse.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static void Four(ref float x, ref int windowStarts, int slices, ref int windows, ref TSlot slots, ref float scales, ref float y)
    {
        int window = windowStarts;
        for (int slice = 0; slice < slices; slice++)
        {
            Vector512<float> sum0 = default, sum1 = default;
            for (int end = Unsafe.Add(ref windowStarts, slice + 1); window < end; window++)
            {
                ref float start = ref Unsafe.Add(ref x, Unsafe.Add(ref windows, window));
                var low = Vector512.LoadUnsafe(ref start);
                var high = Vector512.LoadUnsafe(ref start, SlicePlan.Rows);
                sum0 = Step(low, high, ref slots, 4 * window, sum0);
                sum1 = Step(low, high, ref slots, (4 * window) + 1, sum1);
                sum0 = Step(low, high, ref slots, (4 * window) + 2, sum0);
                sum1 = Step(low, high, ref slots, (4 * window) + 3, sum1);
            }

            Add(sum0 + sum1, ref scales, ref y, slice);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector512<float> sum, ref float scales, ref float y, int slice)
    {
        nuint row = (nuint)(slice * SlicePlan.Rows);
        if (typeof(TSlot) != typeof(float))
            sum *= Vector512.LoadUnsafe(ref scales, row);
        (sum + Vector512.LoadUnsafe(ref y, row)).StoreUnsafe(ref y, row);
    }

    /// <summary>The permutation reads only the lowest five bits of each index, which are the column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Step(Vector512<float> low, Vector512<float> high, ref TSlot slots, int step, Vector512<float> sum)
    {
        nuint offset = (nuint)(uint)step * SlicePlan.Rows;
        if (typeof(TSlot) == typeof(float))
        {
            var weights = Vector512.LoadUnsafe(ref Unsafe.As<TSlot, float>(ref slots), offset);
            return Vector512.FusedMultiplyAdd(weights, Avx512F.PermuteVar16x32x2(low, weights.AsInt32(), high), sum);
        }

        Vector512<int> codes = Avx512F.ConvertToVector512Int32(Vector256.LoadUnsafe(ref Unsafe.As<TSlot, short>(ref slots), offset));
        return Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(codes), Avx512F.PermuteVar16x32x2(low, codes, high), sum);
    }
}
