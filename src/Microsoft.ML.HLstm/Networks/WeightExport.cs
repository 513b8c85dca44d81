using System.Runtime.InteropServices;
using Microsoft.ML.HLstm.Inference;
using TorchSharp.Modules;

namespace Microsoft.ML.HLstm.Networks;

/// <summary>Copies TorchSharp parameters into the plain arrays that scoring reads.</summary>
internal static class WeightExport
{
    /// <summary>The values of a parameter, row-major.</summary>
    public static float[] Values(Parameter parameter) => MemoryMarshal.Cast<byte, float>(parameter.bytes).ToArray();

    /// <summary>A two-dimensional parameter.</summary>
    public static WeightMatrix Matrix(string name, Parameter parameter) =>
        new(name, (int)parameter.shape[0], (int)parameter.shape[1], Values(parameter));

    /// <summary>A matrix with its bias.</summary>
    public static DenseLayer Layer(string name, Parameter weight, Parameter bias) => new(Matrix(name, weight), Values(bias));

    /// <summary>A normalisation.</summary>
    public static Normalization Normalization(string name, BatchNormalization from) => new()
    {
        Name = name,
        Scale = Values(from.Scale),
        Shift = Values(from.Shift),
        Mean = Values(from.Mean),
        Variance = Values(from.Variance),
    };

    /// <summary>A convolution with its normalisation.</summary>
    public static ConvolutionWeights Convolution(string name, ConvolutionLayer layer) => new()
    {
        Kernel = new WeightMatrix($"{name}.kernel", layer.Shape.Channels, layer.InputChannels * layer.Shape.KernelFrames * layer.Shape.KernelBins, Values(layer.Kernel)),
        InputChannels = layer.InputChannels,
        KernelFrames = layer.Shape.KernelFrames,
        KernelBins = layer.Shape.KernelBins,
        StrideFrames = layer.Shape.StrideFrames,
        StrideBins = layer.Shape.StrideBins,
        Normalization = Normalization($"{name}.normalization", layer.Normalization),
    };

    /// <summary>A cell.</summary>
    public static CellWeights Cell(string name, HLstmCell cell)
    {
        int trunks = cell.Gates.Trunks;
        return new CellWeights
        {
            InputSize = cell.InputSize,
            StateSize = cell.StateSize,
            Activation = cell.Activation,
            TrunkWidths = [.. Enumerable.Repeat(cell.Gates.HiddenSize, trunks)],
            Input = Matrix($"{name}.input", cell.WeightInput),
            Recurrent = Matrix($"{name}.recurrent", cell.WeightRecurrent),
            Bias = Values(cell.Bias),
            Hidden = [.. Enumerable.Range(0, trunks).Select(trunk => cell.HiddenWeights
                .Select((weight, layer) => Block($"{name}.hidden.{trunk}.{layer + 1}", weight, cell.HiddenBiases[layer], trunk)).ToArray())],
            Output = cell.OutputWeight is null ? [] :
                [.. Enumerable.Range(0, CellWeights.Gates).Select(gate => Block($"{name}.output.{gate}", cell.OutputWeight, cell.OutputBias!, gate))],
        };
    }

    /// <summary>One block of a parameter (blocks, rows, columns) with its bias (blocks, 1, rows).</summary>
    private static DenseLayer Block(string name, Parameter weight, Parameter bias, int block)
    {
        int rows = (int)weight.shape[1], columns = (int)weight.shape[2];
        float[] values = MemoryMarshal.Cast<byte, float>(weight.bytes).Slice(block * rows * columns, rows * columns).ToArray();
        float[] biases = MemoryMarshal.Cast<byte, float>(bias.bytes).Slice(block * rows, rows).ToArray();
        return new DenseLayer(new WeightMatrix(name, rows, columns, values), biases);
    }
}
