namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// One H-LSTM cell, packed for scoring; <see cref="CellWeights"/> has the formulas. Holds no state: any number of threads
/// may use one scorer, each with its own <see cref="CellScratch"/>.
/// </summary>
internal sealed class HLstmCellScorer
{
    private readonly FirstLayer _first;
    private readonly GateActivation _activation;
    private readonly int[] _trunkWidths;
    private readonly PackedLayer[][] _hidden;
    private readonly PackedLayer[] _output;

    /// <summary>Checks and packs the weights.</summary>
    /// <param name="weights">Of the cell.</param>
    /// <param name="sequences">Whether it reads sequences whose inputs are all known before its first step.</param>
    /// <exception cref="InvalidDataException">The shapes do not fit each other.</exception>
    public HLstmCellScorer(CellWeights weights, bool sequences = false)
    {
        weights.Validate();
        InputSize = weights.InputSize;
        StateSize = weights.StateSize;
        _first = new FirstLayer(weights, sequences);
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
    public int FirstLayerRows => _first.Rows;

    /// <summary>Width of the widest hidden layer after the first; 0 where there is none.</summary>
    public int WidestHiddenLayer { get; }

    /// <inheritdoc cref="FirstLayer.Ahead"/>
    public PackedLayer? Ahead => _first.Ahead;

    /// <inheritdoc cref="FirstLayer.CostInSequence"/>
    public double CostInSequence => _first.CostInSequence + CostOfGates(1);

    /// <summary>Of the products of a step; see <see cref="PackedMatrix.Cost"/>.</summary>
    public double Cost(int lanes) => _first.Cost(lanes) + CostOfGates(lanes);

    /// <summary>Of the products of a step of vectors that lie apart; see <see cref="PackedMatrix.CostApart"/>.</summary>
    public double CostApart(int count) => _first.CostApart(count) + AfterFirst.Sum(layer => layer.CostApart(count));

    /// <summary>One time step of one vector. Allocates nothing.</summary>
    /// <param name="x">[I] input.</param>
    /// <param name="h">[H] hidden state, replaced by the next one; must not overlap <paramref name="x"/>.</param>
    /// <param name="c">[H] cell state, replaced by the next one.</param>
    /// <param name="scratch">Working memory made for this cell.</param>
    public void Step(ReadOnlySpan<float> x, Span<float> h, Span<float> c, CellScratch scratch) => Step(x, h, c, 1, scratch);

    /// <summary>One time step of several vectors side by side. Allocates nothing, but for the first with so many lanes.</summary>
    /// <param name="x">[I, lanes] inputs.</param>
    /// <param name="h">[H, lanes] hidden states, replaced by the next ones; must not overlap <paramref name="x"/>.</param>
    /// <param name="c">[H, lanes] cell states, replaced by the next ones.</param>
    /// <param name="lanes">1 or a multiple of <see cref="PackedMatrix.LaneMultiple"/>.</param>
    /// <param name="scratch">Working memory made for this cell.</param>
    public void Step(ReadOnlySpan<float> x, Span<float> h, Span<float> c, int lanes, CellScratch scratch)
    {
        scratch.Reserve(lanes);
        Span<float> first = First(lanes, scratch);
        _first.Apply(x, h, first, lanes, scratch.Operand);
        Finish(first, h, c, lanes, scratch);
    }

    /// <summary>One time step of one vector, from what <see cref="Ahead"/> has made of its input. Allocates nothing.</summary>
    /// <param name="ahead">[R], R the width of the first layer; what is in it afterwards is of no use.</param>
    /// <param name="h">[H] hidden state, replaced by the next one.</param>
    /// <param name="c">[H] cell state, replaced by the next one.</param>
    /// <param name="scratch">Working memory made for this cell.</param>
    public void StepAhead(Span<float> ahead, Span<float> h, Span<float> c, CellScratch scratch)
    {
        _first.ApplyAhead(ahead, h);
        Finish(ahead, h, c, 1, scratch);
    }

    private IEnumerable<PackedLayer> AfterFirst => _hidden.SelectMany(trunk => trunk).Concat(_output);

    private double CostOfGates(int lanes) => AfterFirst.Sum(layer => layer.Cost(lanes));

    /// <summary>The first layer: of an ordinary LSTM the gates themselves.</summary>
    private Span<float> First(int lanes, CellScratch scratch) =>
        _output.Length == 0 ? scratch.Gates.AsSpan(0, _first.Rows * lanes) : scratch.First[..(_first.Rows * lanes)];

    private void Finish(Span<float> first, Span<float> h, Span<float> c, int lanes, CellScratch scratch)
    {
        Span<float> gates = first;
        if (_output.Length > 0)
        {
            gates = scratch.Gates.AsSpan(0, CellWeights.Gates * StateSize * lanes);
            GateOutputs(first, gates, lanes, scratch);
        }

        CellUpdate.Apply(gates, h, c);
    }

    /// <summary>
    /// One time step of a few vectors that lie apart, as the states of hypotheses do: every weight is read once where its layout
    /// allows. Allocates nothing, but for the first with so many.
    /// </summary>
    /// <param name="x">[count, I] inputs.</param>
    /// <param name="h">Hidden states, replaced by the next ones; vector v begins at <paramref name="stride"/> times v.</param>
    /// <param name="c">Cell states, replaced by the next ones; likewise.</param>
    /// <param name="stride">From a vector of states to the next one.</param>
    /// <param name="count">Vectors.</param>
    /// <param name="scratch">Working memory made for this cell.</param>
    public void StepEach(ReadOnlySpan<float> x, Span<float> h, Span<float> c, int stride, int count, CellScratch scratch)
    {
        scratch.Reserve(count);
        int width = CellWeights.Gates * StateSize;
        Span<float> gates = scratch.Gates.AsSpan(0, width * count);
        bool plain = _output.Length == 0;
        Span<float> first = plain ? gates : scratch.First[..(_first.Rows * count)];
        _first.ApplyEach(x, h, stride, first, count, scratch.Operand);
        if (!plain)
            GateOutputsEach(first, gates, count, scratch);
        for (int vector = 0; vector < count; vector++)
            CellUpdate.Apply(gates.Slice(vector * width, width), h.Slice(vector * stride, StateSize), c.Slice(vector * stride, StateSize));
    }

    private void GateOutputsEach(Span<float> first, Span<float> gates, int count, CellScratch scratch)
    {
        _activation.Apply(first);
        int width = CellWeights.Gates * StateSize;
        for (int trunk = 0, start = 0; trunk < _trunkWidths.Length; start += _trunkWidths[trunk++])
        {
            ReadOnlySpan<float> values = first[start..];
            int stride = _first.Rows;
            for (int index = 0; index < _hidden[trunk].Length; index++)
            {
                PackedLayer layer = _hidden[trunk][index];
                Span<float> next = (index % 2 == 0 ? scratch.Hidden : scratch.NextHidden).AsSpan(0, layer.OutputSize * count);
                layer.ApplyEach(values, stride, next, layer.OutputSize, count);
                _activation.Apply(next);
                values = next;
                stride = layer.OutputSize;
            }

            bool own = _trunkWidths.Length == CellWeights.Gates;
            for (int gate = own ? trunk : 0; gate <= (own ? trunk : CellWeights.Gates - 1); gate++)
                _output[gate].ApplyEach(values, stride, gates[(gate * StateSize)..], width, count);
        }
    }

    /// <summary>From the first hidden layer, before its activation, to the gates before theirs.</summary>
    private void GateOutputs(Span<float> first, Span<float> gates, int lanes, CellScratch scratch)
    {
        _activation.Apply(first);
        int start = 0, size = StateSize * lanes;
        for (int trunk = 0; trunk < _trunkWidths.Length; trunk++)
        {
            ReadOnlySpan<float> values = FurtherLayers(trunk, first.Slice(start, _trunkWidths[trunk] * lanes), lanes, scratch);
            start += _trunkWidths[trunk] * lanes;
            if (_trunkWidths.Length == CellWeights.Gates)
            {
                _output[trunk].Apply(values, gates.Slice(trunk * size, size), lanes);
                continue;
            }

            for (int gate = 0; gate < CellWeights.Gates; gate++)
                _output[gate].Apply(values, gates.Slice(gate * size, size), lanes);
        }
    }

    private ReadOnlySpan<float> FurtherLayers(int trunk, ReadOnlySpan<float> values, int lanes, CellScratch scratch)
    {
        PackedLayer[] layers = _hidden[trunk];
        for (int index = 0; index < layers.Length; index++)
        {
            float[] buffer = index % 2 == 0 ? scratch.Hidden : scratch.NextHidden;
            Span<float> next = buffer.AsSpan(0, layers[index].OutputSize * lanes);
            layers[index].Apply(values, next, lanes);
            _activation.Apply(next);
            values = next;
        }

        return values;
    }
}
