using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>The same, line for line, with vectors of 8 values, for processors without longer ones.</summary>
internal static unsafe partial class GateMath
{
    private const int Width = 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NarrowForward(float* gates, float* cell, float* nextCell, float* tanhCell, float* nextState, int size)
    {
        for (int j = 0; j < size; j += Width)
        {
            int left = size - j;
            Vector256<float> input = VectorFunctions.Sigmoid(Load(gates + j, left));
            Vector256<float> forget = VectorFunctions.Sigmoid(Load(gates + size + j, left));
            Vector256<float> candidate = VectorFunctions.Tanh(Load(gates + 2 * size + j, left));
            Vector256<float> output = VectorFunctions.Sigmoid(Load(gates + 3 * size + j, left));
            Vector256<float> next = Vector256.MultiplyAddEstimate(input, candidate, forget * Load(cell + j, left));
            Vector256<float> tanh = VectorFunctions.Tanh(next);
            Store(input, gates + j, left);
            Store(forget, gates + size + j, left);
            Store(candidate, gates + 2 * size + j, left);
            Store(output, gates + 3 * size + j, left);
            Store(next, nextCell + j, left);
            Store(tanh, tanhCell + j, left);
            Store(output * tanh, nextState + j, left);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NarrowBackward(float* gates, float* gateGradient, float* cell, float* tanhCell, float* stateGradient, float* cellGradient, int size)
    {
        Vector256<float> one = Vector256<float>.One;
        for (int j = 0; j < size; j += Width)
        {
            int left = size - j;
            Vector256<float> input = Load(gates + j, left), forget = Load(gates + size + j, left);
            Vector256<float> candidate = Load(gates + 2 * size + j, left), output = Load(gates + 3 * size + j, left);
            Vector256<float> tanh = Load(tanhCell + j, left), state = Load(stateGradient + j, left);
            Vector256<float> memory = Load(cellGradient + j, left) + state * output * (one - tanh * tanh);
            Store(memory * candidate * input * (one - input), gateGradient + j, left);
            Store(memory * Load(cell + j, left) * forget * (one - forget), gateGradient + size + j, left);
            Store(memory * input * (one - candidate * candidate), gateGradient + 2 * size + j, left);
            Store(state * tanh * output * (one - output), gateGradient + 3 * size + j, left);
            Store(memory * forget, cellGradient + j, left);
            Store(Vector256<float>.Zero, stateGradient + j, left);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NarrowActivate(GateActivation activation, float* values, float* dropout, int count)
    {
        Vector256<float> slope = Vector256.Create(CellWeights.LeakySlope);
        for (int j = 0; j < count; j += Width)
        {
            int left = count - j;
            Vector256<float> x = Load(values + j, left);
            Vector256<float> y = activation switch
            {
                GateActivation.LeakyRelu => Vector256.Max(x, x * slope),
                GateActivation.Relu => Vector256.Max(x, Vector256<float>.Zero),
                _ => VectorFunctions.Tanh(x),
            };
            Store(dropout == null ? y : y * Load(dropout + j, left), values + j, left);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NarrowActivateBackward(GateActivation activation, float* gradient, float* outputs, float* dropout, int count)
    {
        Vector256<float> one = Vector256<float>.One, zero = Vector256<float>.Zero;
        Vector256<float> other = Vector256.Create(activation == GateActivation.LeakyRelu ? CellWeights.LeakySlope : 0);
        for (int j = 0; j < count; j += Width)
        {
            int left = count - j;
            Vector256<float> y = Load(outputs + j, left), g = Load(gradient + j, left);
            Vector256<float> mask = dropout == null ? one : Load(dropout + j, left);
            Vector256<float> slope;
            if (activation == GateActivation.Tanh)
            {
                Vector256<float> tanh = y / Vector256.ConditionalSelect(Vector256.Equals(mask, zero), one, mask);
                slope = one - tanh * tanh;
            }
            else
            {
                slope = Vector256.ConditionalSelect(Vector256.GreaterThan(y, zero), one, other);
            }

            Store(g * mask * slope, gradient + j, left);
        }
    }

    // The ends of rows are read and written as those of 16 values are, of which these are the lower half.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load(float* values, int left) => left >= Width ? Vector256.Load(values) : VectorMath.Load(values, left).GetLower();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> vector, float* values, int left)
    {
        if (left >= Width)
            vector.Store(values);
        else
            VectorMath.Store(Vector512.Create(vector, default), values, left);
    }
}
