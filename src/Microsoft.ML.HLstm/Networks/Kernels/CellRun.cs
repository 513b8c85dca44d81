using Microsoft.ML.HLstm.Inference;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>
/// A cell over the steps of one batch, forward and by hand backward. What a step leaves for the way back stands in buffers
/// over all steps in order of time, so that the gradient of a weight is one product and not one for each step.
/// T steps, B rows, H state, R first layer's width, M width of a trunk, L gate hidden layers.
/// </summary>
internal sealed unsafe partial class CellRun : IDisposable
{
    private readonly int _steps;
    private readonly int _batch;
    private readonly int _size;
    private readonly int _rows;
    private readonly int _stride;
    private readonly int _gateStride;
    private readonly int _width;
    private readonly int _trunks;
    private readonly int _layers;
    private readonly int _threads;
    private readonly bool _reverse;
    private readonly bool _tracked;
    private readonly GateActivation _activation;
    private readonly IReadOnlyList<int>? _lengths;
    private readonly CellOperands _operands;
    private readonly FloatBuffer? _dropout;
    private readonly FloatBuffer _states;
    private readonly FloatBuffer _cells;
    private readonly FloatBuffer _tanhCells;
    private readonly FloatBuffer _gates;
    private readonly FloatBuffer[] _hidden;
    private readonly FloatBuffer?[] _hiddenGradients;

    /// <summary>
    /// A run of a cell. Rows keep their state beyond their length; <paramref name="dropout"/> is (L, B, R);
    /// <paramref name="tracked"/> tells that gradients will be asked for.
    /// </summary>
    public CellRun(HLstmCell cell, int steps, int batch, IReadOnlyList<int>? lengths, bool reverse, Tensor? dropout, bool tracked)
    {
        (_steps, _batch, _size, _lengths, _reverse, _tracked) = (steps, batch, cell.StateSize, lengths, reverse, tracked);
        (_trunks, _width, _layers, _activation) = (cell.Gates.Trunks, cell.Gates.HiddenSize, cell.Gates.HiddenLayers, cell.Activation);
        _rows = (int)cell.WeightRecurrent.shape[0];
        (_stride, _gateStride) = (Transposition.Apart(_rows), Transposition.Apart(4 * _size));
        _threads = get_num_threads();
        _operands = new CellOperands(cell, tracked, _threads);
        _dropout = dropout is null ? null : TensorMemory.Copy(dropout);
        long states = (long)batch * _size;
        _states = FloatBuffer.Rent((steps + 1) * states);
        _cells = FloatBuffer.Rent((steps + 1) * states);
        _tanhCells = FloatBuffer.Rent(steps * states);
        _gates = FloatBuffer.Rent((long)steps * batch * _gateStride);
        _hidden = new FloatBuffer[_layers];
        _hiddenGradients = new FloatBuffer?[_layers];
        for (int layer = 0; layer < _layers; layer++)
            _hidden[layer] = FloatBuffer.Rent((long)steps * batch * _stride);
    }

    /// <summary>Width R of the first layer.</summary>
    public int Rows => _rows;

    /// <summary>From one row of the first layer's sums to the next, in what <see cref="First"/> gives and in their gradients; at least <see cref="Rows"/>.</summary>
    public int Stride => _stride;

    /// <summary>Where the states before each step stand (T, B, H).</summary>
    public float* PreviousStates => _states.Pointer + (_reverse ? StateValues : 0);

    /// <summary>Where the states after each step stand (T, B, H).</summary>
    public float* States => _states.Pointer + (_reverse ? 0 : StateValues);

    /// <summary>Where the state before the first step stands (B, H).</summary>
    public float* InitialState => _states.Pointer + (_reverse ? _steps * StateValues : 0);

    /// <summary>Where the cell before the first step stands (B, H).</summary>
    public float* InitialCell => _cells.Pointer + (_reverse ? _steps * StateValues : 0);

    /// <summary>Where the state after the last step stands (B, H).</summary>
    public float* FinalState => _states.Pointer + (_reverse ? 0 : _steps * StateValues);

    /// <summary>Where the cell after the last step stands (B, H).</summary>
    public float* FinalCell => _cells.Pointer + (_reverse ? 0 : _steps * StateValues);

    private nint StateValues => (nint)_batch * _size;

    private nint FirstValues => (nint)_batch * _stride;

    private float* Cells(int t, bool after) => _cells.Pointer + (t + (after == _reverse ? 0 : 1)) * StateValues;

    /// <summary>Where to put the input's part (B, R) of step <paramref name="t"/> before it runs.</summary>
    public float* First(int t) => (_layers == 0 ? _gates : _hidden[0]).Pointer + t * FirstValues;

    /// <summary>Rows that the cell's products take at once.</summary>
    public int RowsTogether => _operands.RowsTogether;

    /// <summary>The multiply-adds of all steps in one direction.</summary>
    public long Work => (long)_steps * _batch * _operands.Connections;

    /// <summary>
    /// Rows know nothing of each other: each part of the batch goes through all steps on a thread of its own, and no step
    /// waits for another part.
    /// </summary>
    public void Split(Action<int, int> part) => WorkSplit.Run(_threads, _batch, RowsTogether, Work, part);

    /// <summary>Puts the input's part of a step, from inputs of some width that begin with row <paramref name="from"/>, to where <see cref="First"/> says.</summary>
    public void Project(int t, int from, int to, WeightOperand weight, FloatBuffer bias, float* inputs, int width)
    {
        float* first = First(t) + (nint)from * _stride;
        VectorMath.Repeat(bias.Pointer, _rows, first, _stride, to - from);
        weight.Forward(inputs, width, to - from, first, _stride, true, 1);
    }

    /// <summary>One step of the rows <paramref name="from"/> to <paramref name="to"/>, at time <paramref name="t"/>.</summary>
    public void Forward(int t, int from, int to)
    {
        int rows = to - from;
        nint firstState = t * StateValues + (nint)from * _size, first = (nint)from * _stride, at = t * FirstValues + first;
        _operands.Recurrent.Forward(PreviousStates + firstState, _size, rows, First(t) + first, _stride, true, 1);
        for (int layer = 0; layer < _layers; layer++)
        {
            float* hidden = _hidden[layer].Pointer + at;
            if (layer > 0)
                Blocks(_operands.Hidden[layer - 1], _operands.HiddenBiases[layer - 1], _hidden[layer - 1].Pointer + at, hidden, _stride, _width, rows);
            for (int row = 0; row < rows; row++)
                GateMath.Activate(_activation, hidden + (nint)row * _stride, Dropout(layer, from + row), _rows);
            if (layer == _layers - 1)
                Blocks(_operands.Output, _operands.OutputBias!, hidden, Gates(t, from), _gateStride, _size, rows);
        }

        for (int row = from; row < to; row++)
        {
            nint own = row * (nint)_size, state = t * StateValues + own;
            float* cell = Cells(t, false) + own, next = Cells(t, true) + own;
            if (Inside(row, t))
            {
                GateMath.Forward(Gates(t, row), cell, next, _tanhCells.Pointer + state, States + state, _size);
                continue;
            }

            new Span<float>(cell, _size).CopyTo(new Span<float>(next, _size));
            new Span<float>(PreviousStates + state, _size).CopyTo(new Span<float>(States + state, _size));
        }
    }

    public void Dispose()
    {
        _operands.Dispose();
        _dropout?.Dispose();
        foreach (FloatBuffer buffer in (FloatBuffer[])[_states, _cells, _tanhCells, _gates, .. _hidden])
            buffer.Dispose();
        foreach (FloatBuffer? gradient in _hiddenGradients)
            gradient?.Dispose();
    }

    private bool Inside(int row, int t) => _lengths is null || t < _lengths[row];

    private float* Dropout(int layer, int row) => _dropout is null ? null : _dropout.Pointer + ((nint)layer * _batch + row) * _rows;

    private float* Gates(int t, int row) => _gates.Pointer + ((nint)t * _batch + row) * _gateStride;

    /// <summary>Results of all blocks side by side; blocks that share a trunk read the same input.</summary>
    private void Blocks(WeightOperand[] blocks, FloatBuffer bias, float* input, float* result, int stride, int width, int rows)
    {
        VectorMath.Repeat(bias.Pointer, blocks.Length * width, result, stride, rows);
        for (int block = 0; block < blocks.Length; block++)
            blocks[block].Forward(input + Trunk(block) * _width, _stride, rows, result + block * width, stride, true, 1);
    }

    private int Trunk(int block) => _trunks == 1 ? 0 : block;
}
