using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks.Kernels;

internal sealed unsafe partial class CellRun
{
    /// <summary>
    /// One step back. The gradients (B, H) of the state and the cell after the step become those before it.
    /// <paramref name="firstGradients"/> (T, B, R) takes the gradients of the first layer's sums, which are also those of the
    /// projected input.
    /// </summary>
    public void Backward(int t, float* stateGradient, float* cellGradient, float* firstGradients)
    {
        float* gates = _gates.Pointer + t * StateValues * 4, first = firstGradients + t * FirstValues;
        float* gateGradients = _layers == 0 ? first : gates;
        for (int row = 0; row < _batch; row++)
        {
            nint at = row * (nint)_size;
            // A row that has ended passes its gradients on unchanged.
            if (Inside(row, t))
                GateMath.Backward(gates + 4 * at, gateGradients + 4 * at, Cells(t, false) + at, _tanhCells.Pointer + t * StateValues + at, stateGradient + at, cellGradient + at, _size);
            else
                new Span<float>(gateGradients + 4 * at, 4 * _size).Clear();
        }

        for (int layer = _layers - 1; layer >= 0; layer--)
        {
            float* hidden = HiddenGradients(layer, firstGradients) + t * FirstValues;
            if (layer == _layers - 1)
                BlocksBackward(_operands.Output, gateGradients, hidden, _size);
            else
                BlocksBackward(_operands.Hidden[layer], HiddenGradients(layer + 1, firstGradients) + t * FirstValues, hidden, _width);
            GateMath.ActivateBackward(_activation, hidden, _hidden[layer].Pointer + t * FirstValues, Dropout(layer), (int)FirstValues);
        }

        _operands.Recurrent.Backward(first, _rows, _batch, stateGradient, _size, true, _threads);
    }

    /// <summary>
    /// After the last step back: gradients of the recurrent matrix, then of each further hidden layer's weights and biases,
    /// then of the gate outputs' weights and biases, in the shapes of the parameters; null for weights whose active
    /// connections have added theirs to the parameter's own.
    /// </summary>
    public List<Tensor> WeightGradients(float* firstGradients)
    {
        int all = _steps * _batch;
        List<Tensor> gradients = [Gradient([_operands.Recurrent], firstGradients, _rows, PreviousStates, _size, _size, [_rows, _size])!];
        for (int layer = 1; layer < _layers; layer++)
        {
            float* sums = HiddenGradients(layer, firstGradients);
            Tensor biases = TensorMemory.Empty(_trunks, 1, _width);
            VectorMath.SumRows(sums, all, _rows, TensorMemory.Pointer(biases));
            gradients.AddRange([Gradient(_operands.Hidden[layer - 1], sums, _width, _hidden[layer - 1].Pointer, _rows, _width, [_trunks, _width, _width])!, biases]);
        }

        if (_layers > 0)
        {
            Tensor biases = TensorMemory.Empty(4, 1, _size);
            VectorMath.SumRows(_gates.Pointer, all, 4 * _size, TensorMemory.Pointer(biases));
            gradients.AddRange([Gradient(_operands.Output, _gates.Pointer, _size, _hidden[^1].Pointer, _rows, _width, [4, _size, _width])!, biases]);
        }

        return gradients;
    }

    /// <summary>
    /// The gradient of a matrix in blocks from the sums' gradients, blocks side by side, and the inputs of all steps; null
    /// where active connections have added theirs to the parameter's own.
    /// </summary>
    private Tensor? Gradient(WeightOperand[] blocks, float* gradients, int outputs, float* inputs, nint stride, int width, long[] shape)
    {
        Tensor? result = blocks[0].IsSparse ? null : TensorMemory.Empty(shape);
        float* values = result is null ? null : TensorMemory.Pointer(result);
        for (int block = 0; block < blocks.Length; block++)
        {
            blocks[block].Gradient(gradients + block * outputs, blocks.Length * outputs, inputs + Trunk(block) * width, stride, _steps * _batch,
                values + (nint)block * outputs * width, _threads);
        }

        return result;
    }

    private float* HiddenGradients(int layer, float* firstGradients) =>
        layer == 0 ? firstGradients : (_hiddenGradients[layer] ??= FloatBuffer.Rent(_steps * (long)FirstValues)).Pointer;

    private void BlocksBackward(WeightOperand[] blocks, float* gradient, float* inputGradient, int width)
    {
        for (int block = 0; block < blocks.Length; block++)
        {
            bool accumulate = Trunk(block) != block;
            blocks[block].Backward(gradient + block * width, blocks.Length * width, _batch, inputGradient + Trunk(block) * _width, _rows, accumulate, _threads);
        }
    }
}
