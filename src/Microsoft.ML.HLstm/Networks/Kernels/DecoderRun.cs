using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>What a decoder needs besides its parameters: masks are null where nothing is dropped.</summary>
/// <param name="Lengths">Lengths of the memory's rows.</param>
/// <param name="FeedColumn">First column of the lowest cell's input matrix that reads the attentional vector; negative without input feeding.</param>
/// <param name="GateDropout">For each cell (L, B, R).</param>
/// <param name="LayerDropout">For each cell but the lowest (T, B, H), on its input; the lowest has none.</param>
/// <param name="VectorDropout">(T, B, A).</param>
internal sealed record DecoderSettings(IReadOnlyList<int> Lengths, int FeedColumn, Tensor?[] GateDropout, Tensor?[] LayerDropout, Tensor? VectorDropout);

/// <summary>A stack of cells with attention and input feeding over the steps of one batch, forward and backward.</summary>
internal sealed unsafe class DecoderRun : IDisposable
{
    private readonly int _steps;
    private readonly int _batch;
    private readonly int _size;
    private readonly int _threads;
    private readonly CellRun[] _cells;
    private readonly WeightOperand?[] _inputs;
    private readonly FloatBuffer?[] _biases;
    private readonly FloatBuffer?[] _masks;
    private readonly FloatBuffer?[] _dropped;
    private readonly AttentionRun _attention;

    /// <summary>A run over <paramref name="steps"/> steps of <paramref name="batch"/> rows.</summary>
    public DecoderRun(IReadOnlyList<HLstmCell> cells, LuongAttention attention, Tensor keys, Tensor values, int steps, int batch, DecoderSettings settings, bool tracked)
    {
        (_steps, _batch, _size, _threads) = (steps, batch, cells[0].StateSize, get_num_threads());
        _cells = [.. cells.Select((cell, layer) => new CellRun(cell, steps, batch, null, false, settings.GateDropout[layer], tracked))];
        _attention = new AttentionRun(attention, keys, values, settings.Lengths, steps, settings.VectorDropout, tracked);
        _inputs = new WeightOperand?[cells.Count];
        _biases = [.. cells.Select((cell, layer) => layer == 0 ? null : TensorMemory.Copy(cell.Bias))];
        _masks = [.. settings.LayerDropout.Select(mask => mask is null ? null : TensorMemory.Copy(mask))];
        _dropped = [.. _masks.Select(mask => mask is null ? null : FloatBuffer.Rent(steps * (long)StateValues))];
        for (int layer = 0; layer < cells.Count; layer++)
        {
            if (layer > 0)
                _inputs[layer] = WeightOperand.Of(cells[layer].WeightInput, 0, tracked, _threads);
            else if (settings.FeedColumn >= 0)
                _inputs[layer] = WeightOperand.OfColumns(cells[layer].WeightInput, settings.FeedColumn, _attention.Width, tracked, _threads);
        }
    }

    private nint StateValues => (nint)_batch * _size;

    private nint VectorValues => (nint)_batch * _attention.Width;

    /// <summary>All steps; the projected input (T, B, R), states and cells must stand in the cells' buffers.</summary>
    public Tensor Forward()
    {
        Split((from, to) =>
        {
            for (int t = 0; t < _steps; t++)
                Forward(t, from, to);
        });
        return TensorMemory.FromValues(_attention.Vectors, _steps, _batch, _attention.Width);
    }

    /// <summary>The run of a cell.</summary>
    public CellRun Cell(int layer) => _cells[layer];

    /// <summary>
    /// All steps back from the vectors' gradient (T, B, A): the gradients of the projected input, keys, values, then of each
    /// cell's initial state and cell, then of the weights in the order of <see cref="DecoderFunction"/>.
    /// </summary>
    public List<Tensor> Backward(float* vectorGradients)
    {
        int layers = _cells.Length;
        using FloatBuffer sums = FloatBuffer.Rent(_steps * (long)VectorValues), scores = FloatBuffer.Rent((long)_steps * _batch * _attention.Positions);
        using FloatBuffer fed = FloatBuffer.Rent(VectorValues), dropped = FloatBuffer.Rent(StateValues);
        FloatBuffer[] first = [.. _cells.Select(cell => FloatBuffer.Rent((long)_steps * _batch * cell.Stride))];
        Tensor[] states = [.. _cells.Select(_ => zeros(_batch, _size))], memories = [.. _cells.Select(_ => zeros(_batch, _size))];
        float*[] firstGradients = Pointers(first, buffer => (nint)buffer.Pointer);
        float*[] stateGradients = Pointers(states, state => (nint)TensorMemory.Pointer(state)), cellGradients = Pointers(memories, memory => (nint)TensorMemory.Pointer(memory));
        foreach (CellRun cell in _cells)
            cell.PrepareBackward();
        Split((from, to) =>
        {
            for (int t = _steps - 1; t >= 0; t--)
            {
                float* vector = vectorGradients + t * VectorValues;
                if (t < _steps - 1 && _inputs[0] is { } feed)
                {
                    nint at = (nint)from * _attention.Width;
                    feed.Backward(First(firstGradients, 0, t + 1, from), _cells[0].Stride, to - from, fed.Pointer + at, _attention.Width, false, 1);
                    VectorMath.AddScaled(fed.Pointer + at, vector + at, 1, (to - from) * _attention.Width);
                    vector = fed.Pointer;
                }

                _attention.Backward(t, from, to, vector, sums.Pointer, scores.Pointer, stateGradients[^1]);
                for (int layer = layers - 1; layer >= 0; layer--)
                {
                    _cells[layer].Backward(t, from, to, stateGradients[layer], cellGradients[layer], firstGradients[layer]);
                    if (layer == 0)
                        break;
                    nint at = (nint)from * _size;
                    int values = (to - from) * _size;
                    _inputs[layer]!.Backward(First(firstGradients, layer, t, from), _cells[layer].Stride, to - from, dropped.Pointer + at, _size, false, 1);
                    if (_masks[layer] is { } mask)
                        Multiply(dropped.Pointer + at, mask.Pointer + t * StateValues + at, dropped.Pointer + at, values);
                    VectorMath.AddScaled(stateGradients[layer - 1] + at, dropped.Pointer + at, 1, values);
                }
            }
        });

        Tensor[] attention = _attention.Gradients(_cells[^1].States, sums.Pointer, scores.Pointer);
        List<Tensor> gradients = [TensorMemory.FromRows(firstGradients[0], _cells[0].Stride, _steps, _batch, _cells[0].Rows), attention[0], attention[1]];
        for (int layer = 0; layer < layers; layer++)
            gradients.AddRange([states[layer], memories[layer]]);
        gradients.AddRange([attention[2], attention[3]]);
        for (int layer = 0; layer < layers; layer++)
        {
            gradients.AddRange(InputGradients(layer, firstGradients[layer]));
            gradients.AddRange(_cells[layer].WeightGradients(firstGradients[layer]));
            first[layer].Dispose();
        }

        return gradients;
    }

    public void Dispose()
    {
        foreach (IDisposable? part in (IDisposable?[])[.. _cells, .. _inputs, .. _biases, .. _masks, .. _dropped, _attention])
            part?.Dispose();
    }

    /// <summary>Rows of the batch know nothing of each other here too.</summary>
    private void Split(Action<int, int> part) =>
        WorkSplit.Run(_threads, _batch, _cells.Max(cell => cell.RowsTogether), _cells.Sum(cell => cell.Work), part);

    private void Forward(int t, int from, int to)
    {
        if (t > 0)
        {
            float* vectors = _attention.Vectors + (t - 1) * VectorValues + (nint)from * _attention.Width;
            _inputs[0]?.Forward(vectors, _attention.Width, to - from, _cells[0].First(t) + (nint)from * _cells[0].Stride, _cells[0].Stride, true, 1);
        }

        for (int layer = 0; layer < _cells.Length; layer++)
        {
            if (layer > 0)
                ProjectInput(layer, t, from, to);
            _cells[layer].Forward(t, from, to);
        }

        _attention.Forward(t, from, to, _cells[^1].States + t * StateValues);
    }

    private void ProjectInput(int layer, int t, int from, int to)
    {
        CellRun cell = _cells[layer];
        nint at = t * StateValues + (nint)from * _size;
        float* input = _cells[layer - 1].States + at;
        if (_masks[layer] is { } mask)
        {
            float* product = _dropped[layer]!.Pointer + at;
            Multiply(input, mask.Pointer + at, product, (to - from) * _size);
            input = product;
        }

        cell.Project(t, from, to, _inputs[layer]!, _biases[layer]!, input, _size);
    }

    /// <summary>Gradients of what a cell reads inside the loop: the vector's columns, or the whole input and its bias.</summary>
    private Tensor[] InputGradients(int layer, float* first)
    {
        if (_inputs[layer] is not { } operand)
            return [];
        CellRun cell = _cells[layer];
        if (layer > 0)
            return cell.InputGradients(operand, first, _dropped[layer] is { } dropped ? dropped.Pointer : _cells[layer - 1].States, _size);
        // The vector of one step goes into the next.
        int width = _attention.Width;
        Tensor? weights = operand.IsSparse ? null : TensorMemory.Empty(cell.Rows, width);
        operand.Gradient(first + (nint)_batch * cell.Stride, cell.Stride, _attention.Vectors, width, (_steps - 1) * _batch, weights is null ? null : TensorMemory.Pointer(weights), _threads);
        return [weights!];
    }

    private float* First(float*[] first, int layer, int t, int row) => first[layer] + ((nint)t * _batch + row) * _cells[layer].Stride;

    private static float*[] Pointers<T>(T[] parts, Func<T, nint> pointer)
    {
        float*[] pointers = new float*[parts.Length];
        for (int i = 0; i < pointers.Length; i++)
            pointers[i] = (float*)pointer(parts[i]);
        return pointers;
    }

    private static void Multiply(float* a, float* b, float* product, int count) =>
        TensorPrimitives.Multiply(new ReadOnlySpan<float>(a, count), new ReadOnlySpan<float>(b, count), new Span<float>(product, count));
}
