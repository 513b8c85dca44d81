using Microsoft.ML.HLstm.Networks.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks;

/// <summary>A cell run over a sequence in one direction, or two cells in both.</summary>
internal sealed class HLstmLayer : nn.Module
{
    private readonly HLstmCell _forward;
    private readonly HLstmCell? _backward;

    /// <summary>A layer with random weights.</summary>
    public HLstmLayer(string name, int inputSize, int stateSize, GateNetworkOptions gates, bool bidirectional, Initializer random) : base(name)
    {
        _forward = new HLstmCell("forward", inputSize, stateSize, gates, random);
        _backward = bidirectional ? new HLstmCell("backward", inputSize, stateSize, gates, random) : null;
        register_module("forward", _forward);
        if (_backward is not null)
            register_module("backward", _backward);
    }

    /// <summary>The cell that reads from start to end.</summary>
    public HLstmCell Forward => _forward;

    /// <summary>The cell that reads from end to start; null when the layer has one direction.</summary>
    public HLstmCell? Backward => _backward;

    /// <summary>The cells of the layer.</summary>
    public IEnumerable<HLstmCell> Cells => _backward is null ? [_forward] : [_forward, _backward];

    /// <summary>
    /// Runs over <paramref name="input"/> (T, B, I). Outputs are (T, B, D·H) and final states (B, D·H), D the number of
    /// directions, forward first. Steps beyond a sequence's length leave its state as it is.
    /// </summary>
    public (Tensor Outputs, Tensor State, Tensor Cell) Run(Tensor input, SequenceMask mask, Generator? random)
    {
        var ahead = RunCell(_forward, input, mask, reverse: false, random);
        if (_backward is null)
            return ahead;
        var back = RunCell(_backward, input, mask, reverse: true, random);
        return (cat([ahead.Outputs, back.Outputs], 2), cat([ahead.State, back.State], 1), cat([ahead.Cell, back.Cell], 1));
    }

    /// <summary>The outputs (T, B, H) of each direction, forward first; steps beyond a sequence's length hold no output.</summary>
    public Tensor[] Outputs(Tensor input, SequenceMask mask, Generator? random) =>
        [.. Cells.Select((cell, direction) => RunCell(cell, input, mask, reverse: direction == 1, random).Outputs)];

    private static (Tensor Outputs, Tensor State, Tensor Cell) RunCell(HLstmCell cell, Tensor input, SequenceMask mask, bool reverse, Generator? random)
    {
        long steps = input.shape[0], batch = input.shape[1];
        Tensor? dropout = cell.DropoutMask(batch, random);
        Tensor state = zeros(batch, cell.StateSize, input.dtype, input.device), memory = state;
        if (Products.AreFused(input, cell.WeightInput))
            return LayerFunction.Run(cell, input, state, memory, mask.Lengths, reverse, dropout);
        Tensor[] projected = cell.ProjectInput(input).unbind(0);
        var outputs = new Tensor[steps];
        for (long i = 0; i < steps; i++)
        {
            long t = reverse ? steps - 1 - i : i;
            (Tensor nextState, Tensor nextMemory) = cell.Step(projected[t], state, memory, dropout);
            state = mask.Select(t, nextState, state);
            memory = mask.Select(t, nextMemory, memory);
            outputs[t] = state;
        }

        return (stack(outputs, 0), state, memory);
    }
}
