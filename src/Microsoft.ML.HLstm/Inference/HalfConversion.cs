using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// 16-bit weights to float32. A loop of our own: in a new process TensorPrimitives runs unoptimised, for longer than it takes to load a
/// model, and a conversion one by one takes six times as long.
/// </summary>
internal static class HalfConversion
{
    /// <summary>Converts finite numbers, exactly.</summary>
    /// <param name="halves">The numbers.</param>
    /// <param name="singles">Room for as many.</param>
    [MethodImpl(Compiled.AtOnce)]
    public static void ToSingle(ReadOnlySpan<Half> halves, Span<float> singles)
    {
        singles = singles[..halves.Length];
        ref ushort from = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<Half, ushort>(halves));
        ref float to = ref MemoryMarshal.GetReference(singles);
        int at = 0;
        for (; at <= halves.Length - Vector128<ushort>.Count; at += Vector128<ushort>.Count)
        {
            (Vector128<uint> lower, Vector128<uint> upper) = Vector128.Widen(Vector128.LoadUnsafe(ref from, (nuint)at));
            Widened(lower).StoreUnsafe(ref to, (nuint)at);
            Widened(upper).StoreUnsafe(ref to, (nuint)(at + Vector128<uint>.Count));
        }

        for (; at < halves.Length; at++)
            singles[at] = (float)halves[at];
    }

    /// <summary>The exponent's bias is 15 instead of 127: as float32 the bits mean 2^-112 times the number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Widened(Vector128<uint> bits)
    {
        Vector128<float> magnitude = ((bits & Vector128.Create(0x7FFFu)) << 13).AsSingle() * Vector128.Create(5.192297E+33f);
        return (magnitude.AsUInt32() | ((bits & Vector128.Create(0x8000u)) << 16)).AsSingle();
    }
}
