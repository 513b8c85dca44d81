using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>A panel of 16 rows times a few vectors that lie apart: every weight is read once for all of them.</summary>
internal static class PanelGroup<TWeight>
    where TWeight : unmanaged
{
    /// <summary>Vectors of a group: the usual width of a beam, and as many sums as hide each other's latency.</summary>
    public const int Most = 5;

    /// <summary>Fewer vectors than this are faster one by one.</summary>
    public const int Fewest = 3;

    /// <summary>
    /// Adds to the 16 numbers of each of <paramref name="group"/> results, from <see cref="Fewest"/> to <see cref="Most"/>, what
    /// <see cref="PanelVector{TVector, TSimd, TWeight}.MultiplyAdd"/> adds for its vector. Vectors begin <paramref name="xStride"/> numbers apart, results <paramref name="yStride"/>.
    /// </summary>
    [MethodImpl(Compiled.AtOnce)]
    public static void MultiplyAdd512(ref float x, nint xStride, ref int columns, ref TWeight weights, int count, ref float scales, ref float y, nint yStride, int group)
    {
        // Missing vectors repeat the last one.
        ref float x1 = ref Unsafe.Add(ref x, xStride);
        ref float x2 = ref Unsafe.Add(ref x1, xStride);
        ref float x3 = ref Unsafe.Add(ref x2, group > 3 ? xStride : 0);
        ref float x4 = ref Unsafe.Add(ref x3, group > 4 ? xStride : 0);
        Vector512<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default, sum4 = default;
        for (int index = 0; index < count; index++)
        {
            nint column = Unsafe.Add(ref columns, index);
            Vector512<float> weight = Simd512.Load(ref weights, 0);
            sum0 = Vector512.FusedMultiplyAdd(weight, Vector512.Create(Unsafe.Add(ref x, column)), sum0);
            sum1 = Vector512.FusedMultiplyAdd(weight, Vector512.Create(Unsafe.Add(ref x1, column)), sum1);
            sum2 = Vector512.FusedMultiplyAdd(weight, Vector512.Create(Unsafe.Add(ref x2, column)), sum2);
            sum3 = Vector512.FusedMultiplyAdd(weight, Vector512.Create(Unsafe.Add(ref x3, column)), sum3);
            sum4 = Vector512.FusedMultiplyAdd(weight, Vector512.Create(Unsafe.Add(ref x4, column)), sum4);
            weights = ref Unsafe.Add(ref weights, PanelPlan.Rows);
        }

        var scale = Vector512.LoadUnsafe(ref scales);
        Add(sum0, scale, ref y);
        Add(sum1, scale, ref Unsafe.Add(ref y, yStride));
        Add(sum2, scale, ref Unsafe.Add(ref y, 2 * yStride));
        if (group > 3)
            Add(sum3, scale, ref Unsafe.Add(ref y, 3 * yStride));
        if (group > 4)
            Add(sum4, scale, ref Unsafe.Add(ref y, 4 * yStride));
    }

    /// <summary>The same with 256-bit vectors.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static void MultiplyAdd256(ref float x, nint xStride, ref int columns, ref TWeight weights, int count, ref float scales, ref float y, nint yStride, int group)
    {
        ref float x1 = ref Unsafe.Add(ref x, xStride);
        ref float x2 = ref Unsafe.Add(ref x1, xStride);
        ref float x3 = ref Unsafe.Add(ref x2, group > 3 ? xStride : 0);
        ref float x4 = ref Unsafe.Add(ref x3, group > 4 ? xStride : 0);
        Vector256<float> low0 = default, low1 = default, low2 = default, low3 = default, low4 = default;
        Vector256<float> high0 = default, high1 = default, high2 = default, high3 = default, high4 = default;
        for (int index = 0; index < count; index++)
        {
            nint column = Unsafe.Add(ref columns, index);
            Vector256<float> low = Simd256.Load(ref weights, 0), high = Simd256.Load(ref weights, 8), value;
            value = Vector256.Create(Unsafe.Add(ref x, column));
            low0 = Vector256.FusedMultiplyAdd(low, value, low0);
            high0 = Vector256.FusedMultiplyAdd(high, value, high0);
            value = Vector256.Create(Unsafe.Add(ref x1, column));
            low1 = Vector256.FusedMultiplyAdd(low, value, low1);
            high1 = Vector256.FusedMultiplyAdd(high, value, high1);
            value = Vector256.Create(Unsafe.Add(ref x2, column));
            low2 = Vector256.FusedMultiplyAdd(low, value, low2);
            high2 = Vector256.FusedMultiplyAdd(high, value, high2);
            value = Vector256.Create(Unsafe.Add(ref x3, column));
            low3 = Vector256.FusedMultiplyAdd(low, value, low3);
            high3 = Vector256.FusedMultiplyAdd(high, value, high3);
            value = Vector256.Create(Unsafe.Add(ref x4, column));
            low4 = Vector256.FusedMultiplyAdd(low, value, low4);
            high4 = Vector256.FusedMultiplyAdd(high, value, high4);
            weights = ref Unsafe.Add(ref weights, PanelPlan.Rows);
        }

        Vector256<float> lowScale = Vector256.LoadUnsafe(ref scales), highScale = Vector256.LoadUnsafe(ref scales, 8);
        Add(low0, high0, lowScale, highScale, ref y);
        Add(low1, high1, lowScale, highScale, ref Unsafe.Add(ref y, yStride));
        Add(low2, high2, lowScale, highScale, ref Unsafe.Add(ref y, 2 * yStride));
        if (group > 3)
            Add(low3, high3, lowScale, highScale, ref Unsafe.Add(ref y, 3 * yStride));
        if (group > 4)
            Add(low4, high4, lowScale, highScale, ref Unsafe.Add(ref y, 4 * yStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector512<float> sum, Vector512<float> scale, ref float y) =>
        Vector512.FusedMultiplyAdd(sum, scale, Vector512.LoadUnsafe(ref y)).StoreUnsafe(ref y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector256<float> low, Vector256<float> high, Vector256<float> lowScale, Vector256<float> highScale, ref float y)
    {
        Vector256.FusedMultiplyAdd(low, lowScale, Vector256.LoadUnsafe(ref y)).StoreUnsafe(ref y);
        Vector256.FusedMultiplyAdd(high, highScale, Vector256.LoadUnsafe(ref y, 8)).StoreUnsafe(ref y, 8);
    }
}
