using System.Runtime.InteropServices;
using Microsoft.ML.HLstm.Inference;
using TorchSharp.Modules;

namespace Microsoft.ML.HLstm.Networks;

/// <summary>Copies the plain arrays that scoring reads back into TorchSharp parameters: the reverse of <see cref="WeightExport"/>.</summary>
internal static class WeightImport
{
    /// <summary>Sets a parameter.</summary>
    /// <exception cref="ArgumentException">It has another number of values; the message names it.</exception>
    public static void Values(Parameter parameter, ReadOnlySpan<float> values, string name)
    {
        Span<float> to = MemoryMarshal.Cast<byte, float>(parameter.bytes);
        if (to.Length != values.Length)
            throw new ArgumentException($"The initial model has {values.Length} values in '{name}', and the options ask for {to.Length}; both must have the same sizes, and units that compaction has removed cannot be trained on.");
        values.CopyTo(to);
    }

    /// <summary>Sets a matrix.</summary>
    public static void Matrix(Parameter parameter, WeightMatrix matrix) => Values(parameter, matrix.Values, matrix.Name);

    /// <summary>Sets a matrix and its bias.</summary>
    public static void Layer(Parameter weight, Parameter bias, DenseLayer layer)
    {
        Matrix(weight, layer.Weight);
        Values(bias, layer.Bias, layer.Weight.Name + ".bias");
    }

    /// <summary>Sets a cell.</summary>
    public static void Cell(HLstmCell cell, CellWeights weights)
    {
        string name = weights.Input.Name;
        if (weights.Hidden.Sum(trunk => trunk.Length) != cell.HiddenWeights.Count * cell.Gates.Trunks || weights.TrunkWidths.Length != cell.Gates.Trunks)
            throw new ArgumentException($"The cell of '{name}' in the initial model has other gate hidden layers than the options ask for.");
        cell.Activation = weights.Activation;
        Matrix(cell.WeightInput, weights.Input);
        Matrix(cell.WeightRecurrent, weights.Recurrent);
        Values(cell.Bias, weights.Bias, name + ".bias");
        for (int layer = 0; layer < cell.HiddenWeights.Count; layer++)
            Blocks(cell.HiddenWeights[layer], cell.HiddenBiases[layer], [.. weights.Hidden.Select(trunk => trunk[layer])]);
        if (cell.OutputWeight is not null)
            Blocks(cell.OutputWeight, cell.OutputBias!, weights.Output);
    }

    private static void Blocks(Parameter weight, Parameter bias, DenseLayer[] blocks)
    {
        string name = blocks[0].Weight.Name;
        Values(weight, blocks.SelectMany(block => block.Weight.Values).ToArray(), name);
        Values(bias, blocks.SelectMany(block => block.Bias).ToArray(), name + ".bias");
    }
}
