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

    /// <summary>Computes the keys of a memory, positions side by side.</summary>
    public void Keys(AttentionMemory memory, AttentionScratch scratch)
    {
        int all = memory.Start(memory.Sources);
        for (int first = 0; first < all; first += Lanes.Most)
        {
            int count = Math.Min(Lanes.Most, all - first);
            int lanes = Lanes.For(count);
            Span<float> values = scratch.Combined((MemorySize + StateSize) * lanes);
            Span<float> keys = values[(MemorySize * lanes)..];
            values = values[..(MemorySize * lanes)];
            for (int lane = 0; lane < count; lane++)
                Lanes.Put(memory.Values.Slice((first + lane) * MemorySize, MemorySize), values, lanes, lane);
            keys.Clear();
            _score.MultiplyAdd(values, keys, lanes);
            for (int lane = 0; lane < count; lane++)
                Lanes.Take(keys, lanes, lane, memory.Keys.AsSpan((first + lane) * StateSize, StateSize));
        }
    }

    /// <summary>Computes attentional vectors. Allocates nothing, but where more is asked of the scratch than before.</summary>
    /// <param name="memory">With its keys.</param>
    /// <param name="sources">[count]: the source that each lane attends to; those of one source side by side.</param>
    /// <param name="states">[H, lanes] top states of the decoder.</param>
    /// <param name="lanes">As in <see cref="Lanes"/>.</param>
    /// <param name="scratch">Working memory.</param>
    /// <param name="output">[A, lanes].</param>
    /// <param name="attended">
    /// [count], filled with the position of the source's largest weight. Its last position, the end token, is left out; -1
    /// where it has no other.
    /// </param>
    public void Attend(
        AttentionMemory memory, ReadOnlySpan<int> sources, ReadOnlySpan<float> states, int lanes, AttentionScratch scratch,
        Span<float> output, Span<int> attended)
    {
        Span<float> combined = scratch.Combined((MemorySize + StateSize) * lanes);
        Span<float> context = combined[..(MemorySize * lanes)];
        if (lanes == 1)
            attended[0] = One(memory, sources[0], states, scratch, context);
        else
            AttentionLanes.Attend(memory, sources, states, lanes, scratch.Weights(memory.MostPositions * PackedMatrix.LaneMultiple), context, attended);
        states.CopyTo(combined[context.Length..]);
        _combine.Apply(combined, output, lanes);
        VectorFunctions.Tanh(output);
    }

    /// <summary>Computes attentional vectors for states that lie apart, as <see cref="Attend"/> does for lanes.</summary>
    /// <param name="memory">With its keys.</param>
    /// <param name="sources">[count].</param>
    /// <param name="states">Top states; vector v begins at <paramref name="stride"/> times v.</param>
    /// <param name="stride">Of <paramref name="states"/> and of <paramref name="output"/>.</param>
    /// <param name="scratch">Working memory.</param>
    /// <param name="output">Vector v, of width A, begins at <paramref name="stride"/> times v.</param>
    /// <param name="attended">[count].</param>
    public void AttendEach(
        AttentionMemory memory, ReadOnlySpan<int> sources, ReadOnlySpan<float> states, int stride, AttentionScratch scratch,
        Span<float> output, Span<int> attended)
    {
        int width = MemorySize + StateSize, count = sources.Length;
        Span<float> combined = scratch.Combined(width * count);
        for (int vector = 0; vector < count; vector++)
        {
            ReadOnlySpan<float> state = states.Slice(vector * stride, StateSize);
            Span<float> own = combined.Slice(vector * width, width);
            attended[vector] = One(memory, sources[vector], state, scratch, own[..MemorySize]);
            state.CopyTo(own[MemorySize..]);
        }

        _combine.ApplyEach(combined, width, output, stride, count);
        for (int vector = 0; vector < count; vector++)
            VectorFunctions.Tanh(output.Slice(vector * stride, OutputSize));
    }

    private int One(AttentionMemory memory, int source, ReadOnlySpan<float> state, AttentionScratch scratch, Span<float> context)
    {
        Span<float> weights = scratch.Weights(memory.Positions(source));
        int start = memory.Start(source);
        AttentionVector.Attend(memory.Keys.AsSpan(start * StateSize, weights.Length * StateSize), memory.Values.Slice(start * MemorySize, weights.Length * MemorySize), state, weights, context);
        return weights.Length == 1 ? -1 : AttentionVector.IndexOfLargest(weights[..^1]);
    }
}
