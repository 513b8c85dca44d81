using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>The products of one group of rows of <see cref="EllpackPackedMatrix"/>.</summary>
internal static class EllpackGroup
{
    private const int Rows = EllpackPackedMatrix.GroupRows;

    /// <summary>The sums of all rows for one vector.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static Vector256<float> Sum(ref float x, ref float weights, ref ushort columns, int steps)
    {
        Vector256<float> even = default, odd = default;
        ref ulong fours = ref Unsafe.As<ushort, ulong>(ref columns);
        int step = 0;
        for (; step + 1 < steps; step += 2)
        {
            even = Fma.MultiplyAdd(Vector256.LoadUnsafe(ref weights), Inputs(ref x, fours, Unsafe.Add(ref fours, 1)), even);
            odd = Fma.MultiplyAdd(Vector256.LoadUnsafe(ref weights, Rows), Inputs(ref x, Unsafe.Add(ref fours, 2), Unsafe.Add(ref fours, 3)), odd);
            weights = ref Unsafe.Add(ref weights, 2 * Rows);
            fours = ref Unsafe.Add(ref fours, 4);
        }

        return step < steps
            ? Fma.MultiplyAdd(Vector256.LoadUnsafe(ref weights), Inputs(ref x, fours, Unsafe.Add(ref fours, 1)), even) + odd
            : even + odd;
    }

    /// <summary>The sums [rows, 8] of all rows for the eight vectors that there are.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static void Sums(ref float x, ref float weights, ref ushort columns, int steps, ref float sums) =>
        Sums(ref x, (nuint)PackedMatrix.LaneMultiple, ref weights, ref columns, steps, ref sums);

    /// <summary>The sums [rows, 8] of all rows for eight of <paramref name="stride"/> vectors side by side.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static void Sums(ref float x, int stride, ref float weights, ref ushort columns, int steps, ref float sums) =>
        Sums(ref x, (nuint)(uint)stride, ref weights, ref columns, steps, ref sums);

    // Inlined twice, because a shift by a known number of bits is cheaper than the multiplication of every column.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sums(ref float x, nuint lanes, ref float weights, ref ushort columns, int steps, ref float sums)
    {
        Vector256<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        Vector256<float> sum4 = default, sum5 = default, sum6 = default, sum7 = default;
        for (int step = 0; step < steps; step++)
        {
            sum0 = Fma.MultiplyAdd(Vector256.Create(weights), Vector256.LoadUnsafe(ref x, columns * lanes), sum0);
            sum1 = Fma.MultiplyAdd(Vector256.Create(Unsafe.Add(ref weights, 1)), Vector256.LoadUnsafe(ref x, Unsafe.Add(ref columns, 1) * lanes), sum1);
            sum2 = Fma.MultiplyAdd(Vector256.Create(Unsafe.Add(ref weights, 2)), Vector256.LoadUnsafe(ref x, Unsafe.Add(ref columns, 2) * lanes), sum2);
            sum3 = Fma.MultiplyAdd(Vector256.Create(Unsafe.Add(ref weights, 3)), Vector256.LoadUnsafe(ref x, Unsafe.Add(ref columns, 3) * lanes), sum3);
            sum4 = Fma.MultiplyAdd(Vector256.Create(Unsafe.Add(ref weights, 4)), Vector256.LoadUnsafe(ref x, Unsafe.Add(ref columns, 4) * lanes), sum4);
            sum5 = Fma.MultiplyAdd(Vector256.Create(Unsafe.Add(ref weights, 5)), Vector256.LoadUnsafe(ref x, Unsafe.Add(ref columns, 5) * lanes), sum5);
            sum6 = Fma.MultiplyAdd(Vector256.Create(Unsafe.Add(ref weights, 6)), Vector256.LoadUnsafe(ref x, Unsafe.Add(ref columns, 6) * lanes), sum6);
            sum7 = Fma.MultiplyAdd(Vector256.Create(Unsafe.Add(ref weights, 7)), Vector256.LoadUnsafe(ref x, Unsafe.Add(ref columns, 7) * lanes), sum7);
            weights = ref Unsafe.Add(ref weights, Rows);
            columns = ref Unsafe.Add(ref columns, Rows);
        }

        sum0.StoreUnsafe(ref sums);
        sum1.StoreUnsafe(ref sums, Rows);
        sum2.StoreUnsafe(ref sums, 2 * Rows);
        sum3.StoreUnsafe(ref sums, 3 * Rows);
        sum4.StoreUnsafe(ref sums, 4 * Rows);
        sum5.StoreUnsafe(ref sums, 5 * Rows);
        sum6.StoreUnsafe(ref sums, 6 * Rows);
        sum7.StoreUnsafe(ref sums, 7 * Rows);
    }

    /// <summary>
    /// The inputs of eight slots, read one by one, which is as fast as gathering them or faster; four columns at a time are read
    /// as one number and taken apart, because reading is what limits this kernel.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Inputs(ref float x, ulong low, ulong high) => Vector256.Create(
        Unsafe.Add(ref x, (nuint)(ushort)low),
        Unsafe.Add(ref x, (nuint)(ushort)(low >> 16)),
        Unsafe.Add(ref x, (nuint)(ushort)(low >> 32)),
        Unsafe.Add(ref x, (nuint)(low >> 48)),
        Unsafe.Add(ref x, (nuint)(ushort)high),
        Unsafe.Add(ref x, (nuint)(ushort)(high >> 16)),
        Unsafe.Add(ref x, (nuint)(ushort)(high >> 32)),
        Unsafe.Add(ref x, (nuint)(high >> 48)));
}
