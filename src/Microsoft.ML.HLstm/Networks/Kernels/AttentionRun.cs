using System.Runtime.Intrinsics;
using Microsoft.ML.HLstm.Inference;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>
/// Attention over the steps of one batch, forward and by hand backward. T steps, B rows, S positions of the memory,
/// H state, A result.
/// </summary>
internal sealed unsafe class AttentionRun : IDisposable
{
    private readonly int _steps;
    private readonly int _batch;
    private readonly int _positions;
    private readonly int _size;
    private readonly int _width;
    private readonly int _threads;
    private readonly IReadOnlyList<int> _lengths;
    private readonly FloatBuffer _keys;
    private readonly FloatBuffer _values;
    private readonly WeightOperand _own;
    private readonly FloatBuffer _bias;
    private readonly FloatBuffer? _dropout;
    private readonly FloatBuffer _weights;
    private readonly FloatBuffer _results;
    private readonly FloatBuffer _vectors;

    /// <summary>Keys (B, S, H), values (B, S, A), lengths of the memory's rows, and a dropout mask (T, B, A) or none.</summary>
    public AttentionRun(LuongAttention attention, Tensor keys, Tensor values, IReadOnlyList<int> lengths, int steps, Tensor? dropout, bool tracked)
    {
        long[] shape = keys.shape;
        (_steps, _batch, _positions, _size, _width) = (steps, (int)shape[0], (int)shape[1], (int)shape[2], (int)values.shape[2]);
        (_lengths, _threads) = (lengths, get_num_threads());
        _keys = TensorMemory.Copy(keys);
        _values = TensorMemory.Copy(values);
        _own = WeightOperand.OfColumns(attention.Combine, (int)attention.Combine.shape[1] - _size, _size, tracked, _threads);
        _bias = TensorMemory.Copy(attention.Bias);
        _dropout = dropout is null ? null : TensorMemory.Copy(dropout);
        _weights = FloatBuffer.Rent((long)steps * _batch * _positions);
        _results = FloatBuffer.Rent(steps * (long)VectorValues);
        _vectors = dropout is null ? _results : FloatBuffer.Rent(steps * (long)VectorValues);
    }

    /// <summary>Width A of the result.</summary>
    public int Width => _width;

    /// <summary>Positions S of the memory.</summary>
    public int Positions => _positions;

    /// <summary>Attentional vectors (T, B, A) after dropout.</summary>
    public float* Vectors => _vectors.Pointer;

    private nint VectorValues => (nint)_batch * _width;

    /// <summary>One step of the rows <paramref name="from"/> to <paramref name="to"/> for the state (B, H).</summary>
    public void Forward(int t, int from, int to, float* state)
    {
        nint own = t * VectorValues + (nint)from * _width;
        float* result = _results.Pointer + own;
        VectorMath.Repeat(_bias.Pointer, _width, result, _width, to - from);
        _own.Forward(state + (nint)from * _size, _size, to - from, result, _width, true, 1);
        for (int row = from; row < to; row++)
        {
            float* weights = Weights(t, row), query = state + (nint)row * _size, sum = result + (nint)(row - from) * _width;
            int count = _lengths[row];
            float most = float.NegativeInfinity;
            for (int s = 0; s < count; s++)
                most = Math.Max(most, weights[s] = VectorMath.Dot(query, Key(row, s), _size));
            float total = 0;
            for (int s = 0; s < count; s++)
                total += weights[s] = MathF.Exp(weights[s] - most);
            for (int s = 0; s < count; s++)
                weights[s] /= total;
            VectorMath.AddWeighted(sum, weights, 1, Value(row, 0), _width, count, _width);
        }

        float* mask = Mask(own), vector = Vectors + own;
        for (int i = 0, values = (to - from) * _width; i < values; i += VectorMath.Width)
        {
            int left = values - i;
            Vector512<float> tanh = VectorFunctions.Tanh(VectorMath.Load(result + i, left));
            VectorMath.Store(tanh, result + i, left);
            if (mask != null)
                VectorMath.Store(tanh * VectorMath.Load(mask + i, left), vector + i, left);
        }
    }

    /// <summary>
    /// One step back of the rows <paramref name="from"/> to <paramref name="to"/>: the vector's gradient (B, A) becomes that of
    /// the sum before tanh, in <paramref name="sumGradients"/> (T, B, A), and what it means for the state is added to
    /// <paramref name="stateGradient"/> (B, H). Weights become the gradients of scores in <paramref name="scoreGradients"/> (T, B, S).
    /// </summary>
    public void Backward(int t, int from, int to, float* vectorGradient, float* sumGradients, float* scoreGradients, float* stateGradient)
    {
        nint first = t * VectorValues + (nint)from * _width;
        float* sum = sumGradients + first, result = _results.Pointer + first, mask = Mask(first);
        vectorGradient += (nint)from * _width;
        for (int i = 0, values = (to - from) * _width; i < values; i += VectorMath.Width)
        {
            int left = values - i;
            Vector512<float> tanh = VectorMath.Load(result + i, left), gradient = VectorMath.Load(vectorGradient + i, left);
            if (mask != null)
                gradient *= VectorMath.Load(mask + i, left);
            VectorMath.Store(gradient * (Vector512<float>.One - tanh * tanh), sum + i, left);
        }

        _own.Backward(sum, _width, to - from, stateGradient + (nint)from * _size, _size, true, 1);
        for (int row = from; row < to; row++)
        {
            float* weights = Weights(t, row), own = sum + (nint)(row - from) * _width, scores = scoreGradients + ((nint)t * _batch + row) * _positions;
            float mean = 0;
            for (int s = 0; s < _lengths[row]; s++)
                mean += weights[s] * (scores[s] = VectorMath.Dot(own, Value(row, s), _width));
            for (int s = 0; s < _lengths[row]; s++)
                scores[s] = weights[s] * (scores[s] - mean);
            VectorMath.AddWeighted(stateGradient + (nint)row * _size, scores, 1, Key(row, 0), _size, _lengths[row], _size);
        }
    }

    /// <summary>
    /// After the last step back: gradients of keys (B, S, H), values (B, S, A), the state's matrix (A, H) and the bias (A).
    /// </summary>
    public Tensor[] Gradients(float* states, float* sumGradients, float* scoreGradients)
    {
        Tensor keys = zeros(_batch, _positions, _size), values = zeros(_batch, _positions, _width);
        float* keyGradients = TensorMemory.Pointer(keys), valueGradients = TensorMemory.Pointer(values);
        WorkSplit.Run(_threads, _batch, 1, (long)_batch * _positions * _steps * (_size + _width), (from, to) =>
        {
            for (int row = from; row < to; row++)
            {
                for (int s = 0; s < _lengths[row]; s++)
                {
                    nint position = (nint)row * _positions + s, apart = (nint)_batch * _positions;
                    VectorMath.AddWeighted(keyGradients + position * _size, scoreGradients + position, apart, states + (nint)row * _size, (nint)_batch * _size, _steps, _size);
                    VectorMath.AddWeighted(valueGradients + position * _width, Weights(0, row) + s, apart, sumGradients + (nint)row * _width, VectorValues, _steps, _width);
                }
            }
        });
        Tensor? own = _own.IsSparse ? null : TensorMemory.Empty(_width, _size);
        Tensor bias = TensorMemory.Empty(_width);
        _own.Gradient(sumGradients, _width, states, _size, _steps * _batch, own is null ? null : TensorMemory.Pointer(own), _threads);
        VectorMath.SumRows(sumGradients, _width, _steps * _batch, _width, TensorMemory.Pointer(bias), _threads);
        return [keys, values, own!, bias];
    }

    public void Dispose()
    {
        foreach (FloatBuffer? buffer in (FloatBuffer?[])[_keys, _values, _bias, _dropout, _weights, _results, _vectors])
            buffer?.Dispose();
        _own.Dispose();
    }

    private float* Mask(nint at) => _dropout is null ? null : _dropout.Pointer + at;

    private float* Weights(int t, int row) => _weights.Pointer + ((nint)t * _batch + row) * _positions;

    private float* Key(int row, int position) => _keys.Pointer + ((nint)row * _positions + position) * _size;

    private float* Value(int row, int position) => _values.Pointer + ((nint)row * _positions + position) * _width;
}
