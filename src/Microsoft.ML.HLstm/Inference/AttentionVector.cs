using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>The attention of one hypothesis. Loops of our own, for the reason that <see cref="HalfConversion"/> has.</summary>
internal static class AttentionVector
{
    /// <summary>Computes the context of a state.</summary>
    /// <param name="keys">[positions, H].</param>
    /// <param name="values">[positions, C].</param>
    /// <param name="state">[H].</param>
    /// <param name="weights">[positions], filled with the attention.</param>
    /// <param name="context">[C], filled.</param>
    public static void Attend(ReadOnlySpan<float> keys, ReadOnlySpan<float> values, ReadOnlySpan<float> state, Span<float> weights, Span<float> context)
    {
        for (int position = 0; position < weights.Length; position++)
            weights[position] = Dot(keys.Slice(position * state.Length, state.Length), state);
        Softmax(weights);
        context.Clear();
        for (int position = 0; position < weights.Length; position++)
            AddScaled(values.Slice(position * context.Length, context.Length), weights[position], context);
    }

    /// <summary>The position of the largest weight, the first one among equals.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static int IndexOfLargest(ReadOnlySpan<float> weights)
    {
        int largest = 0;
        for (int position = 1; position < weights.Length; position++)
            largest = weights[position] > weights[largest] ? position : largest;
        return largest;
    }

    [MethodImpl(Compiled.AtOnce)]
    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ref float first = ref MemoryMarshal.GetReference(a), second = ref MemoryMarshal.GetReference(b);
        Vector<float> even = Vector<float>.Zero, odd = Vector<float>.Zero;
        int width = Vector<float>.Count, at = 0;
        for (; at <= a.Length - (2 * width); at += 2 * width)
        {
            even = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref first, (nuint)at), Vector.LoadUnsafe(ref second, (nuint)at), even);
            odd = Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref first, (nuint)(at + width)), Vector.LoadUnsafe(ref second, (nuint)(at + width)), odd);
        }

        float sum = Vector.Sum(even + odd);
        for (; at < a.Length; at++)
            sum += a[at] * b[at];
        return sum;
    }

    [MethodImpl(Compiled.AtOnce)]
    private static void AddScaled(ReadOnlySpan<float> x, float factor, Span<float> y)
    {
        ref float from = ref MemoryMarshal.GetReference(x), to = ref MemoryMarshal.GetReference(y);
        var factors = new Vector<float>(factor);
        int at = 0;
        for (; at <= x.Length - Vector<float>.Count; at += Vector<float>.Count)
            Vector.MultiplyAddEstimate(Vector.LoadUnsafe(ref from, (nuint)at), factors, Vector.LoadUnsafe(ref to, (nuint)at)).StoreUnsafe(ref to, (nuint)at);
        for (; at < x.Length; at++)
            y[at] += x[at] * factor;
    }

    [MethodImpl(Compiled.AtOnce)]
    private static void Softmax(Span<float> values)
    {
        float largest = float.NegativeInfinity, sum = 0;
        foreach (float value in values)
            largest = MathF.Max(largest, value);
        for (int i = 0; i < values.Length; i++)
            values[i] -= largest;
        VectorFunctions.Exp(values);
        foreach (float value in values)
            sum += value;
        for (int i = 0; i < values.Length; i++)
            values[i] /= sum;
    }
}
