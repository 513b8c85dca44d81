using System.Numerics.Tensors;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// The packed weights of Luong's general attention, shared and thread-safe:
/// <c>score_s = h' S m_s</c>, <c>v = tanh(W [sum_s softmax(score)_s m_s; h] + b)</c>.
/// </summary>
internal sealed class AttentionScorer(WeightMatrix score, DenseLayer combine)
{
    private readonly PackedMatrix _score = PackedMatrix.Pack(score);
    private readonly PackedLayer _combine = new(combine);

    /// <summary>H: width of the decoder's top state.</summary>
    public int StateSize => _score.Rows;

    /// <summary>C: width of the memory.</summary>
    public int MemorySize => _score.Columns;

    /// <summary>A: width of the attentional vector.</summary>
    public int OutputSize => _combine.OutputSize;

    /// <summary>Computes <c>S m_s</c> for all positions, once for each source: every step's score is then one dot product.</summary>
    /// <param name="memory">[positions, C].</param>
    /// <param name="keys">[positions, H].</param>
    public void Keys(ReadOnlySpan<float> memory, Span<float> keys)
    {
        keys.Clear();
        for (int position = 0; position < keys.Length / StateSize; position++)
            _score.MultiplyAdd(memory.Slice(position * MemorySize, MemorySize), keys.Slice(position * StateSize, StateSize));
    }

    /// <summary>Computes the attentional vector. Allocates nothing.</summary>
    /// <param name="state">[H] top state of the decoder.</param>
    /// <param name="memory">[positions, C].</param>
    /// <param name="keys">[positions, H] from <see cref="Keys"/>.</param>
    /// <param name="weights">[positions], filled with the softmax over positions.</param>
    /// <param name="contextAndState">[C + H] working memory.</param>
    /// <param name="output">[A].</param>
    public void Attend(
        ReadOnlySpan<float> state, ReadOnlySpan<float> memory, ReadOnlySpan<float> keys,
        Span<float> weights, Span<float> contextAndState, Span<float> output)
    {
        for (int position = 0; position < weights.Length; position++)
            weights[position] = TensorPrimitives.Dot(state, keys.Slice(position * StateSize, StateSize));
        Softmax(weights);

        Span<float> context = contextAndState[..MemorySize];
        context.Clear();
        for (int position = 0; position < weights.Length; position++)
            TensorPrimitives.MultiplyAdd(memory.Slice(position * MemorySize, MemorySize), weights[position], context, context);
        state.CopyTo(contextAndState[MemorySize..]);
        _combine.Apply(contextAndState, output);
        TensorPrimitives.Tanh(output, output);
    }

    /// <summary>TensorPrimitives.SoftMax allocates at every call.</summary>
    private static void Softmax(Span<float> values)
    {
        TensorPrimitives.Subtract(values, TensorPrimitives.Max<float>(values), values);
        TensorPrimitives.Exp(values, values);
        TensorPrimitives.Divide(values, TensorPrimitives.Sum<float>(values), values);
    }
}
