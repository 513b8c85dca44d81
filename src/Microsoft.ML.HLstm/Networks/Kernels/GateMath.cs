using System.Runtime.Intrinsics;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>The element-wise parts of a cell, row by row, forward and backward.</summary>
internal static unsafe partial class GateMath
{
    /// <summary>
    /// One row (H): the gates' sums i, f, g, o (4H) become their activations; writes the next cell, its tanh and the next state.
    /// </summary>
    public static void Forward(float* gates, float* cell, float* nextCell, float* tanhCell, float* nextState, int size)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            NarrowForward(gates, cell, nextCell, tanhCell, nextState, size);
            return;
        }

        for (int j = 0; j < size; j += VectorMath.Width)
        {
            int left = size - j;
            Vector512<float> input = VectorFunctions.Sigmoid(VectorMath.Load(gates + j, left));
            Vector512<float> forget = VectorFunctions.Sigmoid(VectorMath.Load(gates + size + j, left));
            Vector512<float> candidate = VectorFunctions.Tanh(VectorMath.Load(gates + 2 * size + j, left));
            Vector512<float> output = VectorFunctions.Sigmoid(VectorMath.Load(gates + 3 * size + j, left));
            Vector512<float> next = Vector512.MultiplyAddEstimate(input, candidate, forget * VectorMath.Load(cell + j, left));
            Vector512<float> tanh = VectorFunctions.Tanh(next);
            VectorMath.Store(input, gates + j, left);
            VectorMath.Store(forget, gates + size + j, left);
            VectorMath.Store(candidate, gates + 2 * size + j, left);
            VectorMath.Store(output, gates + 3 * size + j, left);
            VectorMath.Store(next, nextCell + j, left);
            VectorMath.Store(tanh, tanhCell + j, left);
            VectorMath.Store(output * tanh, nextState + j, left);
        }
    }

    /// <summary>
    /// One row (H): from the state's and the cell's gradients the gradients of the gates' sums (4H) and of the previous cell.
    /// The state's gradient is used up and becomes zero. Source and target of gates may be the same.
    /// </summary>
    public static void Backward(float* gates, float* gateGradient, float* cell, float* tanhCell, float* stateGradient, float* cellGradient, int size)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            NarrowBackward(gates, gateGradient, cell, tanhCell, stateGradient, cellGradient, size);
            return;
        }

        Vector512<float> one = Vector512<float>.One;
        for (int j = 0; j < size; j += VectorMath.Width)
        {
            int left = size - j;
            Vector512<float> input = VectorMath.Load(gates + j, left), forget = VectorMath.Load(gates + size + j, left);
            Vector512<float> candidate = VectorMath.Load(gates + 2 * size + j, left), output = VectorMath.Load(gates + 3 * size + j, left);
            Vector512<float> tanh = VectorMath.Load(tanhCell + j, left), state = VectorMath.Load(stateGradient + j, left);
            Vector512<float> memory = VectorMath.Load(cellGradient + j, left) + state * output * (one - tanh * tanh);
            VectorMath.Store(memory * candidate * input * (one - input), gateGradient + j, left);
            VectorMath.Store(memory * VectorMath.Load(cell + j, left) * forget * (one - forget), gateGradient + size + j, left);
            VectorMath.Store(memory * input * (one - candidate * candidate), gateGradient + 2 * size + j, left);
            VectorMath.Store(state * tanh * output * (one - output), gateGradient + 3 * size + j, left);
            VectorMath.Store(memory * forget, cellGradient + j, left);
            VectorMath.Store(Vector512<float>.Zero, stateGradient + j, left);
        }
    }

    /// <summary>Hidden sums become activations, times the dropout mask where there is one.</summary>
    public static void Activate(GateActivation activation, float* values, float* dropout, int count)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            NarrowActivate(activation, values, dropout, count);
            return;
        }

        Vector512<float> slope = Vector512.Create(CellWeights.LeakySlope);
        for (int j = 0; j < count; j += VectorMath.Width)
        {
            int left = count - j;
            Vector512<float> x = VectorMath.Load(values + j, left);
            Vector512<float> y = activation switch
            {
                GateActivation.LeakyRelu => Vector512.Max(x, x * slope),
                GateActivation.Relu => Vector512.Max(x, Vector512<float>.Zero),
                _ => VectorFunctions.Tanh(x),
            };
            VectorMath.Store(dropout == null ? y : y * VectorMath.Load(dropout + j, left), values + j, left);
        }
    }

    /// <summary>
    /// Gradients of hidden outputs become those of hidden sums. <paramref name="outputs"/> are the outputs after dropout:
    /// where the mask is zero they tell nothing, and nothing is needed.
    /// </summary>
    public static void ActivateBackward(GateActivation activation, float* gradient, float* outputs, float* dropout, int count)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            NarrowActivateBackward(activation, gradient, outputs, dropout, count);
            return;
        }

        Vector512<float> one = Vector512<float>.One, zero = Vector512<float>.Zero;
        Vector512<float> other = Vector512.Create(activation == GateActivation.LeakyRelu ? CellWeights.LeakySlope : 0);
        for (int j = 0; j < count; j += VectorMath.Width)
        {
            int left = count - j;
            Vector512<float> y = VectorMath.Load(outputs + j, left), g = VectorMath.Load(gradient + j, left);
            Vector512<float> mask = dropout == null ? one : VectorMath.Load(dropout + j, left);
            Vector512<float> slope;
            if (activation == GateActivation.Tanh)
            {
                Vector512<float> tanh = y / Vector512.ConditionalSelect(Vector512.Equals(mask, zero), one, mask);
                slope = one - tanh * tanh;
            }
            else
            {
                slope = Vector512.ConditionalSelect(Vector512.GreaterThan(y, zero), one, other);
            }

            VectorMath.Store(g * mask * slope, gradient + j, left);
        }
    }
}
