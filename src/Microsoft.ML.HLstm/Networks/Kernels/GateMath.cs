using System.Runtime.CompilerServices;
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
        int whole = size & -VectorMath.Width;
        ForwardWhole(gates, size, cell, nextCell, tanhCell, nextState, whole);
        if (whole == size)
            return;
        float* rest = stackalloc float[8 * VectorMath.Width];
        float* state = rest + 4 * VectorMath.Width, next = state + VectorMath.Width, tanh = next + VectorMath.Width, memory = tanh + VectorMath.Width;
        int left = size - whole;
        ToRest(gates + whole, size, rest, 4, left);
        ToRest(cell + whole, size, memory, 1, left);
        ForwardWhole(rest, VectorMath.Width, memory, next, tanh, state, VectorMath.Width);
        FromRest(rest, gates + whole, size, 4, left);
        FromRest(state, nextState + whole, size, 1, left);
        FromRest(next, nextCell + whole, size, 1, left);
        FromRest(tanh, tanhCell + whole, size, 1, left);
    }

    /// <summary>
    /// One row (H): from the state's and the cell's gradients the gradients of the gates' sums (4H) and of the previous cell.
    /// The state's gradient is used up and becomes zero. Source and target of gates may be the same.
    /// </summary>
    public static void Backward(float* gates, float* gateGradient, float* cell, float* tanhCell, float* stateGradient, float* cellGradient, int size)
    {
        int whole = size & -VectorMath.Width;
        BackwardWhole(gates, size, gateGradient, cell, tanhCell, stateGradient, cellGradient, whole);
        if (whole == size)
            return;
        float* rest = stackalloc float[12 * VectorMath.Width];
        float* sums = rest + 4 * VectorMath.Width, memory = sums + 4 * VectorMath.Width, tanh = memory + VectorMath.Width;
        float* state = tanh + VectorMath.Width, cells = state + VectorMath.Width;
        int left = size - whole;
        ToRest(gates + whole, size, rest, 4, left);
        ToRest(cell + whole, size, memory, 1, left);
        ToRest(tanhCell + whole, size, tanh, 1, left);
        ToRest(stateGradient + whole, size, state, 1, left);
        ToRest(cellGradient + whole, size, cells, 1, left);
        BackwardWhole(rest, VectorMath.Width, sums, memory, tanh, state, cells, VectorMath.Width);
        FromRest(sums, gateGradient + whole, size, 4, left);
        FromRest(state, stateGradient + whole, size, 1, left);
        FromRest(cells, cellGradient + whole, size, 1, left);
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

    // Whole vectors without the calls that ends of rows need, and compiled at once: with calls in the loop its constants go through the stack.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ForwardWhole(float* gates, nint stride, float* cell, float* nextCell, float* tanhCell, float* nextState, int count)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            NarrowForward(gates, stride, cell, nextCell, tanhCell, nextState, count);
            return;
        }

        float* f = gates + stride, g = f + stride, o = g + stride;
        for (int j = 0; j < count; j += VectorMath.Width)
        {
            Vector512<float> input = VectorFunctions.Sigmoid(Vector512.Load(gates + j));
            Vector512<float> forget = VectorFunctions.Sigmoid(Vector512.Load(f + j));
            Vector512<float> candidate = VectorFunctions.Tanh(Vector512.Load(g + j));
            Vector512<float> next = Vector512.MultiplyAddEstimate(input, candidate, forget * Vector512.Load(cell + j));
            input.Store(gates + j);
            forget.Store(f + j);
            candidate.Store(g + j);
            next.Store(nextCell + j);
            Vector512<float> output = VectorFunctions.Sigmoid(Vector512.Load(o + j)), tanh = VectorFunctions.Tanh(next);
            output.Store(o + j);
            tanh.Store(tanhCell + j);
            (output * tanh).Store(nextState + j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void BackwardWhole(float* gates, nint stride, float* gateGradient, float* cell, float* tanhCell, float* stateGradient, float* cellGradient, int count)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            NarrowBackward(gates, stride, gateGradient, cell, tanhCell, stateGradient, cellGradient, count);
            return;
        }

        Vector512<float> one = Vector512<float>.One;
        for (int j = 0; j < count; j += VectorMath.Width)
        {
            Vector512<float> input = Vector512.Load(gates + j), forget = Vector512.Load(gates + stride + j);
            Vector512<float> candidate = Vector512.Load(gates + 2 * stride + j), output = Vector512.Load(gates + 3 * stride + j);
            Vector512<float> tanh = Vector512.Load(tanhCell + j), state = Vector512.Load(stateGradient + j);
            Vector512<float> memory = Vector512.Load(cellGradient + j) + state * output * (one - tanh * tanh);
            (memory * candidate * input * (one - input)).Store(gateGradient + j);
            (memory * Vector512.Load(cell + j) * forget * (one - forget)).Store(gateGradient + stride + j);
            (memory * input * (one - candidate * candidate)).Store(gateGradient + 2 * stride + j);
            (state * tanh * output * (one - output)).Store(gateGradient + 3 * stride + j);
            (memory * forget).Store(cellGradient + j);
            Vector512<float>.Zero.Store(stateGradient + j);
        }
    }

    /// <summary>Copies the ends of some rows to where each has a whole vector's room, with zeros behind them.</summary>
    private static void ToRest(float* from, nint stride, float* to, int rows, int count)
    {
        new Span<float>(to, rows * VectorMath.Width).Clear();
        for (int row = 0; row < rows; row++)
            new Span<float>(from + row * stride, count).CopyTo(new Span<float>(to + row * VectorMath.Width, count));
    }

    private static void FromRest(float* from, float* to, nint stride, int rows, int count)
    {
        for (int row = 0; row < rows; row++)
            new Span<float>(from + row * VectorMath.Width, count).CopyTo(new Span<float>(to + row * stride, count));
    }
}
