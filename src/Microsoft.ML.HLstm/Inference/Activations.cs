using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>Activations of hidden layers, in place. NaN stays NaN.</summary>
internal static class Activations
{
    /// <summary>Applies an activation to every element.</summary>
    public static void Apply(this GateActivation activation, Span<float> values)
    {
        switch (activation)
        {
            case GateActivation.Relu:
                Relu(values);
                break;
            case GateActivation.LeakyRelu:
                LeakyRelu(values);
                break;
            case GateActivation.Tanh:
                VectorFunctions.Tanh(values);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(activation), activation, "LeakyRelu, Relu and Tanh are known.");
        }
    }

    /// <summary>
    /// Compiled at once: the generic code of TensorPrimitives took a third of a step until the compiler came to it,
    /// after thousands of steps.
    /// </summary>
    [MethodImpl(Compiled.AtOnce)]
    private static void Relu(Span<float> values)
    {
        ref float first = ref MemoryMarshal.GetReference(values);
        int at = 0;
        for (; at <= values.Length - Vector<float>.Count; at += Vector<float>.Count)
        {
            Vector<float> value = Vector.LoadUnsafe(ref first, (nuint)at);
            Vector.ConditionalSelect(Vector.LessThan(value, Vector<float>.Zero), Vector<float>.Zero, value).StoreUnsafe(ref first, (nuint)at);
        }

        for (; at < values.Length; at++)
            values[at] = values[at] < 0 ? 0 : values[at];
    }

    [MethodImpl(Compiled.AtOnce)]
    private static void LeakyRelu(Span<float> values)
    {
        ref float first = ref MemoryMarshal.GetReference(values);
        var slope = new Vector<float>(CellWeights.LeakySlope);
        int at = 0;
        for (; at <= values.Length - Vector<float>.Count; at += Vector<float>.Count)
        {
            Vector<float> value = Vector.LoadUnsafe(ref first, (nuint)at);
            Vector.ConditionalSelect(Vector.LessThan(value, Vector<float>.Zero), value * slope, value).StoreUnsafe(ref first, (nuint)at);
        }

        for (; at < values.Length; at++)
            values[at] = values[at] < 0 ? values[at] * CellWeights.LeakySlope : values[at];
    }
}
