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
                _inputs[layer] = WeightOperand.Of(cells[layer].WeightInput, 0, tracked);
            else if (settings.FeedColumn >= 0)
                _inputs[layer] = WeightOperand.OfColumns(cells[layer].WeightInput, settings.FeedColumn, _attention.Width, tracked);
        }
    }

    private nint StateValues => (nint)_batch * _size;

    private nint VectorValues => (nint)_batch * _attention.Width;

    /// <summary>All steps; the projected input (T, B, R), states and cells must stand in the cells' buffers.</summary>
    public Tensor Forward()
    {
        for (int t = 0; t < _steps; t++)
        {
            if (t > 0)
                _inputs[0]?.Forward(_attention.Vectors + (t - 1) * VectorValues, _attention.Width, _batch, _cells[0].First(t), _cells[0].Rows, true, _threads);
            for (int layer = 0; layer < _cells.Length; layer++)
            {
                if (layer > 0)
                    ProjectInput(layer, t);
                _cells[layer].Forward(t);
            }

            _attention.Forward(t, _cells[^1].States + t * StateValues);
        }

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
        Tensor[] first = [.. _cells.Select(cell => TensorMemory.Empty(_steps, _batch, cell.Rows))];
        Tensor[] states = [.. _cells.Select(_ => zeros(_batch, _size))], memories = [.. _cells.Select(_ => zeros(_batch, _size))];
        for (int t = _steps - 1; t >= 0; t--)
        {
            float* vector = vectorGradients + t * VectorValues;
            if (t < _steps - 1 && _inputs[0] is { } feed)
            {
                feed.Backward(First(first, 0, t + 1), _cells[0].Rows, _batch, fed.Pointer, _attention.Width, false, _threads);
                VectorMath.AddScaled(fed.Pointer, vector, 1, (int)VectorValues);
                vector = fed.Pointer;
            }

            _attention.Backward(t, vector, sums.Pointer, scores.Pointer, TensorMemory.Pointer(states[^1]));
            for (int layer = layers - 1; layer >= 0; layer--)
            {
                _cells[layer].Backward(t, TensorMemory.Pointer(states[layer]), TensorMemory.Pointer(memories[layer]), First(first, layer, 0));
                if (layer == 0)
                    break;
                _inputs[layer]!.Backward(First(first, layer, t), _cells[layer].Rows, _batch, dropped.Pointer, _size, false, _threads);
                if (_masks[layer] is { } mask)
                    TensorPrimitives.Multiply(Values(dropped.Pointer), Values(mask.Pointer + t * StateValues), Values(dropped.Pointer));
                VectorMath.AddScaled(TensorMemory.Pointer(states[layer - 1]), dropped.Pointer, 1, (int)StateValues);
            }
        }

        Tensor[] attention = _attention.Gradients(_cells[^1].States, sums.Pointer, scores.Pointer);
        List<Tensor> gradients = [first[0], attention[0], attention[1]];
        for (int layer = 0; layer < layers; layer++)
            gradients.AddRange([states[layer], memories[layer]]);
        gradients.AddRange([attention[2], attention[3]]);
        for (int layer = 0; layer < layers; layer++)
        {
            gradients.AddRange(InputGradients(layer, First(first, layer, 0)));
            gradients.AddRange(_cells[layer].WeightGradients(First(first, layer, 0)));
        }

        return gradients;
    }

    public void Dispose()
    {
        foreach (IDisposable? part in (IDisposable?[])[.. _cells, .. _inputs, .. _biases, .. _masks, .. _dropped, _attention])
            part?.Dispose();
    }

    private void ProjectInput(int layer, int t)
    {
        CellRun cell = _cells[layer];
        float* input = _cells[layer - 1].States + t * StateValues;
        if (_masks[layer] is { } mask)
        {
            float* to = _dropped[layer]!.Pointer + t * StateValues;
            TensorPrimitives.Multiply(Values(input), Values(mask.Pointer + t * StateValues), Values(to));
            input = to;
        }

        VectorMath.Repeat(_biases[layer]!.Pointer, cell.Rows, cell.First(t), cell.Rows, _batch);
        _inputs[layer]!.Forward(input, _size, _batch, cell.First(t), cell.Rows, true, _threads);
    }

    /// <summary>Gradients of what a cell reads inside the loop: the vector's columns, or the whole input and its bias.</summary>
    private Tensor[] InputGradients(int layer, float* first)
    {
        if (_inputs[layer] is not { } operand)
            return [];
        CellRun cell = _cells[layer];
        int width = layer == 0 ? _attention.Width : _size;
        Tensor? weights = operand.IsSparse ? null : TensorMemory.Empty(cell.Rows, width);
        float* values = weights is null ? null : TensorMemory.Pointer(weights);
        if (layer == 0)
        {
            // The vector of one step goes into the next.
            operand.Gradient(first + (nint)_batch * cell.Rows, cell.Rows, _attention.Vectors, width, (_steps - 1) * _batch, values, _threads);
            return [weights!];
        }

        float* input = _dropped[layer] is { } dropped ? dropped.Pointer : _cells[layer - 1].States;
        operand.Gradient(first, cell.Rows, input, width, _steps * _batch, values, _threads);
        Tensor bias = TensorMemory.Empty(cell.Rows);
        VectorMath.SumRows(first, _steps * _batch, cell.Rows, TensorMemory.Pointer(bias));
        return [weights!, bias];
    }

    private float* First(Tensor[] first, int layer, int t) => TensorMemory.Pointer(first[layer]) + (nint)t * _batch * _cells[layer].Rows;

    private Span<float> Values(float* values) => new(values, (int)StateValues);
}
