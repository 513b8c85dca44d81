using System.Numerics.Tensors;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// One H-LSTM cell, packed for scoring; <see cref="CellWeights"/> has the formulas. Holds no state: any number of threads
/// may use one scorer, each with its own <see cref="CellScratch"/>.
/// </summary>
internal sealed class HLstmCellScorer
{
    private readonly PackedMatrix _input;
    private readonly PackedMatrix _recurrent;
    private readonly float[] _bias;
    private readonly GateActivation _activation;
    private readonly int[] _trunkWidths;
    private readonly PackedLayer[][] _hidden;
    private readonly PackedLayer[] _output;

    /// <summary>Checks and packs the weights.</summary>
    /// <exception cref="InvalidDataException">The shapes do not fit each other.</exception>
    public HLstmCellScorer(CellWeights weights)
    {
        weights.Validate();
        InputSize = weights.InputSize;
        StateSize = weights.StateSize;
        _input = PackedMatrix.Pack(weights.Input);
        _recurrent = PackedMatrix.Pack(weights.Recurrent);
        _bias = weights.Bias;
        _activation = weights.Activation;
        _trunkWidths = weights.TrunkWidths;
        _hidden = [.. weights.Hidden.Select(trunk => trunk.Select(layer => new PackedLayer(layer)).ToArray())];
        _output = [.. weights.Output.Select(layer => new PackedLayer(layer))];
        WidestHiddenLayer = _hidden.SelectMany(trunk => trunk).Select(layer => layer.OutputSize).DefaultIfEmpty().Max();
    }

    /// <summary>Width I of the input.</summary>
    public int InputSize { get; }

    /// <summary>Width H of the states.</summary>
    public int StateSize { get; }

    /// <summary>Width of the stacked first layer.</summary>
    public int FirstLayerRows => _bias.Length;

    /// <summary>Width of the widest hidden layer after the first; 0 where there is none.</summary>
    public int WidestHiddenLayer { get; }

    /// <summary>One time step. Allocates nothing.</summary>
    /// <param name="x">[I] input.</param>
    /// <param name="h">[H] hidden state, replaced by the next one; must not overlap <paramref name="x"/>.</param>
    /// <param name="c">[H] cell state, replaced by the next one.</param>
    /// <param name="scratch">Working memory made for this cell.</param>
    public void Step(ReadOnlySpan<float> x, Span<float> h, Span<float> c, CellScratch scratch)
    {
        Span<float> gates = scratch.Gates.AsSpan(0, CellWeights.Gates * StateSize);
        bool plain = _output.Length == 0;
        Span<float> first = plain ? gates : scratch.First.AsSpan(0, _bias.Length);
        _bias.CopyTo(first);
        _input.MultiplyAdd(x, first);
        _recurrent.MultiplyAdd(h, first);
        if (!plain)
            GateOutputs(first, gates, scratch);

        Span<float> i = gates[..StateSize];
        Span<float> f = gates.Slice(StateSize, StateSize);
        Span<float> g = gates.Slice(2 * StateSize, StateSize);
        Span<float> o = gates.Slice(3 * StateSize, StateSize);
        TensorPrimitives.Sigmoid(i, i);
        TensorPrimitives.Sigmoid(f, f);
        TensorPrimitives.Tanh(g, g);
        TensorPrimitives.Sigmoid(o, o);
        TensorPrimitives.Multiply(i, g, g);
        TensorPrimitives.MultiplyAdd(f, c, g, c);
        TensorPrimitives.Tanh(c, h);
        TensorPrimitives.Multiply(o, h, h);
    }

    /// <summary>From the first hidden layer, before its activation, to the gates before theirs.</summary>
    private void GateOutputs(Span<float> first, Span<float> gates, CellScratch scratch)
    {
        _activation.Apply(first);
        int start = 0;
        for (int trunk = 0; trunk < _trunkWidths.Length; trunk++)
        {
            ReadOnlySpan<float> values = FurtherLayers(trunk, first.Slice(start, _trunkWidths[trunk]), scratch);
            start += _trunkWidths[trunk];
            if (_trunkWidths.Length == CellWeights.Gates)
            {
                _output[trunk].Apply(values, gates.Slice(trunk * StateSize, StateSize));
                continue;
            }

            for (int gate = 0; gate < CellWeights.Gates; gate++)
                _output[gate].Apply(values, gates.Slice(gate * StateSize, StateSize));
        }
    }

    private ReadOnlySpan<float> FurtherLayers(int trunk, ReadOnlySpan<float> values, CellScratch scratch)
    {
        PackedLayer[] layers = _hidden[trunk];
        for (int index = 0; index < layers.Length; index++)
        {
            float[] buffer = index % 2 == 0 ? scratch.Hidden : scratch.NextHidden;
            Span<float> next = buffer.AsSpan(0, layers[index].OutputSize);
            layers[index].Apply(values, next);
            _activation.Apply(next);
            values = next;
        }

        return values;
    }
}
