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
    /// then of the gate outputs' weights and biases, in the shapes of the parameters.
    /// </summary>
    public List<Tensor> WeightGradients(float* firstGradients)
    {
        int all = _steps * _batch;
        Tensor recurrent = TensorMemory.Empty(_rows, _size);
        WeightGradient(firstGradients, _rows, _rows, PreviousStates, _size, _size, TensorMemory.Pointer(recurrent), all);
        List<Tensor> gradients = [recurrent];
        for (int layer = 1; layer < _layers; layer++)
        {
            Tensor weights = TensorMemory.Empty(_trunks, _width, _width), biases = TensorMemory.Empty(_trunks, 1, _width);
            for (int trunk = 0; trunk < _trunks; trunk++)
                WeightGradient(HiddenGradients(layer, firstGradients) + trunk * _width, _rows, _width, _hidden[layer - 1].Pointer + trunk * _width, _rows, _width, TensorMemory.Pointer(weights) + (nint)trunk * _width * _width, all);
            VectorMath.SumRows(HiddenGradients(layer, firstGradients), all, _rows, TensorMemory.Pointer(biases));
            gradients.AddRange([weights, biases]);
        }

        if (_layers > 0)
        {
            Tensor weights = TensorMemory.Empty(4, _size, _width), biases = TensorMemory.Empty(4, 1, _size);
            for (int gate = 0; gate < 4; gate++)
                WeightGradient(_gates.Pointer + gate * _size, 4 * _size, _size, _hidden[^1].Pointer + Trunk(gate) * _width, _rows, _width, TensorMemory.Pointer(weights) + (nint)gate * _size * _width, all);
            VectorMath.SumRows(_gates.Pointer, all, 4 * _size, TensorMemory.Pointer(biases));
            gradients.AddRange([weights, biases]);
        }

        return gradients;
    }

    /// <summary>result (N, K) = Σ over rows, those of all steps, of gradientᵀ · input.</summary>
    public void WeightGradient(float* gradient, nint gradientStride, int outputs, float* input, nint inputStride, int inputs, float* result, int rows)
    {
        using PackedOperand packed = PackedOperand.ByRows(input, rows, inputs, inputStride);
        MatrixProduct.MultiplyTransposed(gradient, gradientStride, outputs, packed, result, inputs, false, _threads);
    }

    private float* HiddenGradients(int layer, float* firstGradients) =>
        layer == 0 ? firstGradients : (_hiddenGradients[layer] ??= FloatBuffer.Rent(_steps * (long)FirstValues)).Pointer;

    private void BlocksBackward(PackedPair[] blocks, float* gradient, float* inputGradient, int width)
    {
        for (int block = 0; block < blocks.Length; block++)
        {
            bool accumulate = Trunk(block) != block;
            blocks[block].Backward(gradient + block * width, blocks.Length * width, _batch, inputGradient + Trunk(block) * _width, _rows, accumulate, _threads);
        }
    }
}
