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
        int count = h.Length;
        ref float i = ref MemoryMarshal.GetReference(gates);
        ref float f = ref MemoryMarshal.GetReference(gates[count..]);
        ref float g = ref MemoryMarshal.GetReference(gates[(2 * count)..]);
        ref float o = ref MemoryMarshal.GetReference(gates[(3 * count)..]);
        ref float state = ref MemoryMarshal.GetReference(h);
        ref float memory = ref MemoryMarshal.GetReference(c);
        for (int at = 0; at < count; at += VectorFunctions.Width)
        {
            Vector512<float> input = VectorFunctions.Sigmoid(VectorFunctions.Load(ref i, at, count));
            Vector512<float> forget = VectorFunctions.Sigmoid(VectorFunctions.Load(ref f, at, count));
            Vector512<float> candidate = VectorFunctions.Tanh(VectorFunctions.Load(ref g, at, count));
            Vector512<float> next = Vector512.MultiplyAddEstimate(input, candidate, forget * VectorFunctions.Load(ref memory, at, count));
            VectorFunctions.Store(next, ref memory, at, count);
            Vector512<float> output = VectorFunctions.Sigmoid(VectorFunctions.Load(ref o, at, count));
            VectorFunctions.Store(output * VectorFunctions.Tanh(next), ref state, at, count);
        }
    }
}
