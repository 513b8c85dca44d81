using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks.Kernels;

internal sealed unsafe partial class CellRun
{
    /// <summary>Gets the buffers that all parts of the batch share, before the first step back.</summary>
    public void PrepareBackward()
    {
        for (int layer = 1; layer < _layers; layer++)
            _hiddenGradients[layer] ??= FloatBuffer.Rent(_steps * (long)FirstValues);
    }

    /// <summary>
    /// One step back of the rows <paramref name="from"/> to <paramref name="to"/>. The gradients (B, H) of the state and the
    /// cell after the step become those before it. <paramref name="firstGradients"/> (T, B, R), rows <see cref="Stride"/> apart, takes the gradients of the first
    /// layer's sums, which are also those of the projected input.
    /// </summary>
    public void Backward(int t, int from, int to, float* stateGradient, float* cellGradient, float* firstGradients)
    {
        int rows = to - from;
        nint at = t * FirstValues + (nint)from * _stride;
        for (int row = from; row < to; row++)
        {
            nint own = row * (nint)_size;
            float* gates = Gates(t, row), gradients = _layers == 0 ? firstGradients + t * FirstValues + (nint)row * _stride : gates;
            // A row that has ended passes its gradients on unchanged.
            if (Inside(row, t))
                GateMath.Backward(gates, gradients, Cells(t, false) + own, _tanhCells.Pointer + t * StateValues + own, stateGradient + own, cellGradient + own, _size);
            else
                new Span<float>(gradients, 4 * _size).Clear();
        }

        for (int layer = _layers - 1; layer >= 0; layer--)
        {
            float* hidden = HiddenGradients(layer, firstGradients) + at;
            if (layer == _layers - 1)
                BlocksBackward(_operands.Output, Gates(t, from), _gateStride, hidden, _size, rows);
            else
                BlocksBackward(_operands.Hidden[layer], HiddenGradients(layer + 1, firstGradients) + at, _stride, hidden, _width, rows);
            for (int row = 0; row < rows; row++)
            {
                nint own = (nint)row * _stride;
                GateMath.ActivateBackward(_activation, hidden + own, _hidden[layer].Pointer + at + own, Dropout(layer, from + row), _rows);
            }
        }

        _operands.Recurrent.Backward(firstGradients + at, _stride, rows, stateGradient + (nint)from * _size, _size, true, 1);
    }

    /// <summary>
    /// After the last step back: gradients of the recurrent matrix, then of each further hidden layer's weights and biases,
    /// then of the gate outputs' weights and biases, in the shapes of the parameters; null for weights whose active
    /// connections have added theirs to the parameter's own.
    /// </summary>
    public List<Tensor> WeightGradients(float* firstGradients)
    {
        int all = _steps * _batch;
        List<Tensor> gradients = [Gradient([_operands.Recurrent], firstGradients, _stride, _rows, PreviousStates, _size, _size, [_rows, _size])!];
        for (int layer = 1; layer < _layers; layer++)
        {
            float* sums = HiddenGradients(layer, firstGradients);
            Tensor biases = TensorMemory.Empty(_trunks, 1, _width);
            VectorMath.SumRows(sums, _stride, all, _rows, TensorMemory.Pointer(biases), _threads);
            gradients.AddRange([Gradient(_operands.Hidden[layer - 1], sums, _stride, _width, _hidden[layer - 1].Pointer, _stride, _width, [_trunks, _width, _width])!, biases]);
        }

        if (_layers > 0)
        {
            Tensor biases = TensorMemory.Empty(4, 1, _size);
            VectorMath.SumRows(_gates.Pointer, _gateStride, all, 4 * _size, TensorMemory.Pointer(biases), _threads);
            gradients.AddRange([Gradient(_operands.Output, _gates.Pointer, _gateStride, _size, _hidden[^1].Pointer, _stride, _width, [4, _size, _width])!, biases]);
        }

        return gradients;
    }

    /// <summary>
    /// After the last step back: gradients of the input's matrix and of the bias from inputs of all steps; the first is null where active connections
    /// have added theirs to the parameter's own.
    /// </summary>
    public Tensor[] InputGradients(WeightOperand weight, float* firstGradients, float* inputs, int width)
    {
        Tensor bias = TensorMemory.Empty(_rows);
        VectorMath.SumRows(firstGradients, _stride, _steps * _batch, _rows, TensorMemory.Pointer(bias), _threads);
        return [Gradient([weight], firstGradients, _stride, _rows, inputs, width, width, [_rows, width])!, bias];
    }

    /// <summary>
    /// The gradient of a matrix in blocks from the sums' gradients, blocks side by side, and the inputs of all steps; null
    /// where active connections have added theirs to the parameter's own.
    /// </summary>
    private Tensor? Gradient(WeightOperand[] blocks, float* gradients, nint gradientStride, int outputs, float* inputs, nint stride, int width, long[] shape)
    {
        Tensor? result = blocks[0].IsSparse ? null : TensorMemory.Empty(shape);
        float* values = result is null ? null : TensorMemory.Pointer(result);
        for (int block = 0; block < blocks.Length; block++)
        {
            blocks[block].Gradient(gradients + block * outputs, gradientStride, inputs + Trunk(block) * width, stride, _steps * _batch,
                values + (nint)block * outputs * width, _threads);
        }

        return result;
    }

    private float* HiddenGradients(int layer, float* firstGradients) =>
        layer == 0 ? firstGradients : _hiddenGradients[layer]!.Pointer;

    private void BlocksBackward(WeightOperand[] blocks, float* gradient, nint stride, float* inputGradient, int width, int rows)
    {
        for (int block = 0; block < blocks.Length; block++)
        {
            bool accumulate = Trunk(block) != block;
            blocks[block].Backward(gradient + block * width, stride, rows, inputGradient + Trunk(block) * _width, _stride, accumulate, 1);
        }
    }
}
