using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Inference.Packing;

namespace Microsoft.ML.HLstm.GrowAndPrune;

/// <summary>
/// Removes the units inside gates that pruning has cut off, and puts the others into an order that scoring reads fast; what the cell computes does not change. A pattern is still there
/// afterwards: units go by aligned groups, and one that is cut off inside a group that lives stays.
/// </summary>
internal static class Compaction
{
    /// <summary>The same network with compacted cells.</summary>
    public static TranslationWeights Compact(TranslationWeights weights, SparsityPattern pattern) => weights with
    {
        EncoderForward = Compact(weights.EncoderForward, pattern, sequences: true),
        EncoderBackward = Compact(weights.EncoderBackward, pattern, sequences: true),
        Decoder = Compact(weights.Decoder, pattern, sequences: false),
    };

    /// <summary>The same network with compacted cells.</summary>
    public static SpeechWeights Compact(SpeechWeights weights, SparsityPattern pattern) => weights with
    {
        Forward = Compact(weights.Forward, pattern, sequences: true),
        Backward = Compact(weights.Backward, pattern, sequences: true),
    };

    /// <summary>The same network with compacted cells.</summary>
    public static CaptionWeights Compact(CaptionWeights weights, SparsityPattern pattern) =>
        weights with { Decoder = Compact(weights.Decoder, pattern, sequences: false) };

    /// <summary>The same cell without hidden units that have no input or no output connection.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="pattern">Of its masks.</param>
    /// <param name="sequences">Whether its inputs are all known before its first step: then they are read apart from its states.</param>
    public static CellWeights Compact(CellWeights cell, SparsityPattern pattern, bool sequences = false)
    {
        if (!cell.HasHiddenLayers)
            return cell;
        LayerChain[] trunks = [.. Enumerable.Range(0, cell.TrunkWidths.Length).Select(trunk => Trunk(cell, trunk))];
        foreach (LayerChain trunk in trunks)
            trunk.RemoveDeadUnits(UnitsTogether(pattern), FirstLayer(cell, pattern));
        if (pattern == SparsityPattern.Unstructured)
            Order(trunks, sequences ? cell.InputSize : 0);
        int[] widths = [.. trunks.Select(trunk => trunk.Layers[0].Bias.Length)];
        return cell with
        {
            TrunkWidths = widths,
            Input = Join(cell.Input.Name, trunks, 0, cell.InputSize),
            Recurrent = Join(cell.Recurrent.Name, trunks, cell.InputSize, cell.StateSize),
            Bias = [.. trunks.SelectMany(trunk => trunk.Layers[0].Bias)],
            Hidden = [.. trunks.Select((trunk, t) => trunk.Layers.Skip(1).SkipLast(1)
                .Select((layer, l) => Layer(cell.Hidden[t][l].Weight.Name, layer.Weight, layer.Bias, 0, layer.Bias.Length)).ToArray())],
            Output = [.. cell.Output.Select((output, gate) => Output(cell, output, gate, trunks[cell.TrunkOf(gate)]))],
        };
    }

    private static CellWeights[] Compact(CellWeights[] cells, SparsityPattern pattern, bool sequences) => [.. cells.Select(cell => Compact(cell, pattern, sequences))];

    private static void Order(LayerChain[] trunks, int firstColumn)
    {
        int rows = 0;
        foreach (LayerChain trunk in trunks)
        {
            trunk.Order(UnitOrder.Of(trunk.Layers[0].Weight, firstColumn, SlicePlan.Rows - (rows % SlicePlan.Rows)));
            rows += trunk.Layers[0].Bias.Length;
        }
    }

    /// <summary>A unit is a row of one matrix and a column of the next: blocks share rows, balanced groups share columns.</summary>
    private static int UnitsTogether(SparsityPattern pattern) => pattern switch
    {
        SparsityPattern.Blocks16x1 => PatternLayout.BlockRows,
        SparsityPattern.Balanced32 => PatternLayout.BalancedColumns,
        _ => 1,
    };

    /// <summary>
    /// Trunks are stacked in the first layer, where blocks lie across two of them when 16 does not divide their widths: then no
    /// unit leaves it.
    /// </summary>
    private static int FirstLayer(CellWeights cell, SparsityPattern pattern) =>
        pattern == SparsityPattern.Blocks16x1 && cell.TrunkWidths.Length > 1 && cell.TrunkWidths.Any(width => width % PatternLayout.BlockRows != 0) ? 1 : 0;

    /// <summary>A trunk from [input, state] over its hidden layers to the gates that read it.</summary>
    private static LayerChain Trunk(CellWeights cell, int trunk)
    {
        int start = cell.TrunkWidths.Take(trunk).Sum(), width = cell.TrunkWidths[trunk], inputs = cell.InputSize;
        var first = new float[width, inputs + cell.StateSize];
        for (int row = 0; row < width; row++)
        {
            for (int column = 0; column < first.GetLength(1); column++)
                first[row, column] = column < inputs ? cell.Input.Row(start + row)[column] : cell.Recurrent.Row(start + row)[column - inputs];
        }

        var layers = new List<(float[,], float[])> { (first, cell.Bias[start..(start + width)]) };
        layers.AddRange(cell.Hidden[trunk].Select(layer => (Grid([layer]), (float[])layer.Bias.Clone())));
        DenseLayer[] readers = [.. cell.Output.Where((_, gate) => cell.TrunkOf(gate) == trunk)];
        layers.Add((Grid(readers), [.. readers.SelectMany(layer => layer.Bias)]));
        return new LayerChain(layers, sum => Activate(cell.Activation, sum));
    }

    private static float[,] Grid(DenseLayer[] layers)
    {
        var grid = new float[layers.Sum(layer => layer.OutputSize), layers[0].InputSize];
        int target = 0;
        foreach (DenseLayer layer in layers)
        {
            for (int row = 0; row < layer.OutputSize; row++, target++)
            {
                for (int column = 0; column < layer.InputSize; column++)
                    grid[target, column] = layer.Weight.Row(row)[column];
            }
        }

        return grid;
    }

    private static DenseLayer Output(CellWeights cell, DenseLayer output, int gate, LayerChain trunk)
    {
        (float[,] weight, float[] bias) = trunk.Layers[^1];
        int start = cell.TrunkWidths.Length == 1 ? gate * cell.StateSize : 0;
        return Layer(output.Weight.Name, weight, bias, start, cell.StateSize);
    }

    private static DenseLayer Layer(string name, float[,] weight, float[] bias, int start, int rows)
    {
        int columns = weight.GetLength(1);
        var values = new float[rows * columns];
        for (int i = 0; i < values.Length; i++)
            values[i] = weight[start + i / columns, i % columns];
        return new DenseLayer(new WeightMatrix(name, rows, columns, values), bias[start..(start + rows)]);
    }

    private static WeightMatrix Join(string name, LayerChain[] trunks, int from, int columns)
    {
        var values = new List<float>();
        foreach (float[,] weight in trunks.Select(trunk => trunk.Layers[0].Weight))
        {
            for (int i = 0; i < weight.GetLength(0) * columns; i++)
                values.Add(weight[i / columns, from + i % columns]);
        }

        return new WeightMatrix(name, values.Count / columns, columns, [.. values]);
    }

    /// <summary>What scoring computes for a constant unit, by the code that scores.</summary>
    private static float Activate(GateActivation activation, float sum)
    {
        Span<float> value = [sum];
        activation.Apply(value);
        return value[0];
    }
}
