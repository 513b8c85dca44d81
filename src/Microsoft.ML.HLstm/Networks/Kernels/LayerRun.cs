using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>
/// A cell with its input over the steps of one batch, forward and backward. The input's part of a step is computed just before the step, so that the
/// cell finds it in the cache, and its gradient just after the cell's. T steps, B rows, I input, H state, R first layer's width.
/// </summary>
internal sealed unsafe class LayerRun : IDisposable
{
    private readonly int _steps;
    private readonly int _batch;
    private readonly int _width;
    private readonly int _size;
    private readonly bool _reverse;
    private readonly bool _inputTracked;
    private readonly CellRun _cell;
    private readonly WeightOperand _weight;
    private readonly FloatBuffer _bias;

    /// <summary>A run of a cell over an input (T, B, I); see <see cref="CellRun"/>. <paramref name="tracked"/> tells that gradients will be asked for.</summary>
    public LayerRun(HLstmCell cell, Tensor input, IReadOnlyList<int>? lengths, bool reverse, Tensor? dropout, bool tracked)
    {
        (_steps, _batch, _width, _size) = ((int)input.shape[0], (int)input.shape[1], cell.InputSize, cell.StateSize);
        (_reverse, _inputTracked) = (reverse, tracked && input.requires_grad);
        _cell = new CellRun(cell, _steps, _batch, lengths, reverse, dropout, tracked);
        _weight = WeightOperand.Of(cell.WeightInput, 0, _inputTracked, get_num_threads());
        _bias = TensorMemory.Copy(cell.Bias);
    }

    private nint InputValues => (nint)_batch * _width;

    private nint StateValues => (nint)_batch * _size;

    /// <summary>All steps from the state and the cell (B, H): the outputs (T, B, H), then the last state and cell (B, H).</summary>
    public List<Tensor> Forward(Tensor input, Tensor state, Tensor memory)
    {
        TensorMemory.Read(state, _cell.InitialState);
        TensorMemory.Read(memory, _cell.InitialCell);
        float* inputs = TensorMemory.Pointer(input);
        _cell.Split((from, to) =>
        {
            for (int i = 0; i < _steps; i++)
            {
                int t = Time(i);
                _cell.Project(t, from, to, _weight, _bias, inputs + t * InputValues + (nint)from * _width, _width);
                _cell.Forward(t, from, to);
            }
        });
        return [TensorMemory.FromValues(_cell.States, _steps, _batch, _size), TensorMemory.FromValues(_cell.FinalState, _batch, _size), TensorMemory.FromValues(_cell.FinalCell, _batch, _size)];
    }

    /// <summary>
    /// All steps back from the gradients of what <see cref="Forward"/> gave: those of the input (null where nobody asks for them), the input's weights
    /// (null where active connections have added theirs to the parameter's own), the bias, state and cell, then the cell's weights.
    /// </summary>
    public List<Tensor> Backward(Tensor input, List<Tensor> gradients)
    {
        using Tensor outputs = gradients[0].contiguous();
        using FloatBuffer first = FloatBuffer.Rent(_steps * (long)_batch * _cell.Stride);
        Tensor state = TensorMemory.Empty(_batch, _size), memory = TensorMemory.Empty(_batch, _size);
        Tensor? inputGradient = _inputTracked ? TensorMemory.Empty(input.shape) : null;
        float* stateGradients = TensorMemory.Pointer(state), cellGradients = TensorMemory.Pointer(memory), firstGradients = first.Pointer;
        float* outputGradients = TensorMemory.Pointer(outputs), inputGradients = inputGradient is null ? null : TensorMemory.Pointer(inputGradient);
        TensorMemory.Read(gradients[1], stateGradients);
        TensorMemory.Read(gradients[2], cellGradients);
        _cell.PrepareBackward();
        _cell.Split((from, to) =>
        {
            for (int i = _steps - 1; i >= 0; i--)
            {
                int t = Time(i);
                nint own = (nint)from * _size;
                VectorMath.AddScaled(stateGradients + own, outputGradients + t * StateValues + own, 1, (to - from) * _size);
                _cell.Backward(t, from, to, stateGradients, cellGradients, firstGradients);
                if (inputGradients == null)
                    continue;
                _weight.Backward(firstGradients + ((nint)t * _batch + from) * _cell.Stride, _cell.Stride, to - from,
                    inputGradients + t * InputValues + (nint)from * _width, _width, false, 1);
            }
        });

        return [inputGradient!, .. _cell.InputGradients(_weight, firstGradients, TensorMemory.Pointer(input), _width), state, memory, .. _cell.WeightGradients(firstGradients)];
    }

    public void Dispose()
    {
        _cell.Dispose();
        _weight.Dispose();
        _bias.Dispose();
    }

    private int Time(int step) => _reverse ? _steps - 1 - step : step;
}
