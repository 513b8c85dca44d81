using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>From the sums of the gates to the next state, in one pass over the numbers.</summary>
internal static class CellUpdate
{
    /// <summary>Computes <c>c' = σ(f) c + σ(i) tanh(g)</c> and <c>h' = σ(o) tanh(c')</c>. Allocates nothing.</summary>
    /// <param name="gates">[4, n]: i, f, g, o.</param>
    /// <param name="h">[n], replaced.</param>
    /// <param name="c">[n], replaced.</param>
    public static void Apply(ReadOnlySpan<float> gates, Span<float> h, Span<float> c)
    {
        int count = h.Length, whole = count & -VectorFunctions.Width;
        Whole(ref MemoryMarshal.GetReference(gates), count, ref MemoryMarshal.GetReference(h), ref MemoryMarshal.GetReference(c), whole);
        if (whole < count)
            Rest(gates, h, c, whole);
    }

    /// <summary>What is left, put together to a vector of each.</summary>
    private static void Rest(ReadOnlySpan<float> gates, Span<float> h, Span<float> c, int whole)
    {
        const int width = VectorFunctions.Width;
        int count = h.Length;
        Span<float> values = stackalloc float[(CellWeights.Gates + 2) * width];
        values.Clear();
        for (int gate = 0; gate < CellWeights.Gates; gate++)
            gates[((gate * count) + whole)..((gate + 1) * count)].CopyTo(values[(gate * width)..]);
        Span<float> state = values[(CellWeights.Gates * width)..], memory = values[((CellWeights.Gates + 1) * width)..];
        c[whole..].CopyTo(memory);
        Whole(ref MemoryMarshal.GetReference(values), width, ref MemoryMarshal.GetReference(state), ref MemoryMarshal.GetReference(memory), width);
        state[..(count - whole)].CopyTo(h[whole..]);
        memory[..(count - whole)].CopyTo(c[whole..]);
    }

    /// <summary>
    /// <paramref name="count"/> numbers, a multiple of the width. Without the calls that ends of rows need, and compiled at once: with them most of
    /// a step's values went through the stack, which took from twice to twelve times as long.
    /// </summary>
    [MethodImpl(Compiled.AtOnce)]
    private static void Whole(ref float gates, int stride, ref float h, ref float c, int count)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            WholeNarrow(ref gates, stride, ref h, ref c, count);
            return;
        }

        ref float f = ref Unsafe.Add(ref gates, stride);
        ref float g = ref Unsafe.Add(ref f, stride);
        ref float o = ref Unsafe.Add(ref g, stride);
        for (nuint at = 0; at < (nuint)count; at += (nuint)Vector512<float>.Count)
        {
            Vector512<float> input = VectorFunctions.Sigmoid(Vector512.LoadUnsafe(ref gates, at));
            Vector512<float> forget = VectorFunctions.Sigmoid(Vector512.LoadUnsafe(ref f, at));
            Vector512<float> candidate = VectorFunctions.Tanh(Vector512.LoadUnsafe(ref g, at));
            Vector512<float> next = Vector512.MultiplyAddEstimate(input, candidate, forget * Vector512.LoadUnsafe(ref c, at));
            next.StoreUnsafe(ref c, at);
            (VectorFunctions.Sigmoid(Vector512.LoadUnsafe(ref o, at)) * VectorFunctions.Tanh(next)).StoreUnsafe(ref h, at);
        }
    }

    /// <summary>The same with vectors of 8 values.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private static void WholeNarrow(ref float gates, int stride, ref float h, ref float c, int count)
    {
        ref float f = ref Unsafe.Add(ref gates, stride);
        ref float g = ref Unsafe.Add(ref f, stride);
        ref float o = ref Unsafe.Add(ref g, stride);
        for (nuint at = 0; at < (nuint)count; at += (nuint)Vector256<float>.Count)
        {
            Vector256<float> input = VectorFunctions.Sigmoid(Vector256.LoadUnsafe(ref gates, at));
            Vector256<float> forget = VectorFunctions.Sigmoid(Vector256.LoadUnsafe(ref f, at));
            Vector256<float> candidate = VectorFunctions.Tanh(Vector256.LoadUnsafe(ref g, at));
            Vector256<float> next = Vector256.MultiplyAddEstimate(input, candidate, forget * Vector256.LoadUnsafe(ref c, at));
            next.StoreUnsafe(ref c, at);
            (VectorFunctions.Sigmoid(Vector256.LoadUnsafe(ref o, at)) * VectorFunctions.Tanh(next)).StoreUnsafe(ref h, at);
        }
    }
}
