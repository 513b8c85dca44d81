using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>The same, line for line, with vectors of 8 values, for processors without longer ones.</summary>
internal static unsafe partial class GateMath
{
    private const int Width = 8;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NarrowForward(float* gates, nint stride, float* cell, float* nextCell, float* tanhCell, float* nextState, int count)
    {
        float* f = gates + stride, g = f + stride, o = g + stride;
        for (int j = 0; j < count; j += Width)
        {
            Vector256<float> input = VectorFunctions.Sigmoid(Vector256.Load(gates + j));
            Vector256<float> forget = VectorFunctions.Sigmoid(Vector256.Load(f + j));
            Vector256<float> candidate = VectorFunctions.Tanh(Vector256.Load(g + j));
            Vector256<float> next = Vector256.MultiplyAddEstimate(input, candidate, forget * Vector256.Load(cell + j));
            input.Store(gates + j);
            forget.Store(f + j);
            candidate.Store(g + j);
            next.Store(nextCell + j);
            Vector256<float> output = VectorFunctions.Sigmoid(Vector256.Load(o + j)), tanh = VectorFunctions.Tanh(next);
            output.Store(o + j);
            tanh.Store(tanhCell + j);
            (output * tanh).Store(nextState + j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NarrowBackward(float* gates, nint stride, float* gateGradient, float* cell, float* tanhCell, float* stateGradient, float* cellGradient, int count)
    {
        Vector256<float> one = Vector256<float>.One;
        for (int j = 0; j < count; j += Width)
        {
            Vector256<float> input = Vector256.Load(gates + j), forget = Vector256.Load(gates + stride + j);
            Vector256<float> candidate = Vector256.Load(gates + 2 * stride + j), output = Vector256.Load(gates + 3 * stride + j);
            Vector256<float> tanh = Vector256.Load(tanhCell + j), state = Vector256.Load(stateGradient + j);
            Vector256<float> memory = Vector256.Load(cellGradient + j) + state * output * (one - tanh * tanh);
            (memory * candidate * input * (one - input)).Store(gateGradient + j);
            (memory * Vector256.Load(cell + j) * forget * (one - forget)).Store(gateGradient + stride + j);
            (memory * input * (one - candidate * candidate)).Store(gateGradient + 2 * stride + j);
            (state * tanh * output * (one - output)).Store(gateGradient + 3 * stride + j);
            (memory * forget).Store(cellGradient + j);
            Vector256<float>.Zero.Store(stateGradient + j);
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
