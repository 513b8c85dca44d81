using System.Numerics;
using System.Numerics.Tensors;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>Activations of hidden layers, in place.</summary>
internal static class Activations
{
    /// <summary>Applies an activation to every element.</summary>
    public static void Apply(this GateActivation activation, Span<float> values)
    {
        switch (activation)
        {
            case GateActivation.Relu:
                TensorPrimitives.Max(values, 0f, values);
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

    private static void LeakyRelu(Span<float> values)
    {
        // With a slope below 1 the larger of the two lines is the activation on either side of zero.
        int index = 0;
        for (; index <= values.Length - Vector<float>.Count; index += Vector<float>.Count)
        {
            var value = new Vector<float>(values[index..]);
            Vector.Max(value, value * CellWeights.LeakySlope).CopyTo(values[index..]);
        }

        for (; index < values.Length; index++)
            values[index] = MathF.Max(values[index], values[index] * CellWeights.LeakySlope);
    }
}
