using TorchSharp.Modules;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>A cell's matrices packed for one batch, for the way forward and, where gradients are wanted, for the way back.</summary>
internal sealed unsafe class CellOperands : IDisposable
{
    /// <summary>Packs the matrices of a cell.</summary>
    public CellOperands(HLstmCell cell, bool backward)
    {
        int state = cell.StateSize, width = cell.Gates.HiddenSize;
        Recurrent = new PackedPair(TensorMemory.Pointer(cell.WeightRecurrent), (int)cell.WeightRecurrent.shape[0], state, state, backward);
        Hidden = [.. cell.HiddenWeights.Select(weight => Blocks(weight, cell.Gates.Trunks, width, width, backward))];
        Output = cell.OutputWeight is null ? [] : Blocks(cell.OutputWeight, 4, state, width, backward);
        HiddenBiases = [.. cell.HiddenBiases.Select(TensorMemory.Copy)];
        OutputBias = cell.OutputBias is null ? null : TensorMemory.Copy(cell.OutputBias);
    }

    /// <summary>First layer from the state (R, H).</summary>
    public PackedPair Recurrent { get; }

    /// <summary>For each further hidden layer one (M, M) for each trunk.</summary>
    public PackedPair[][] Hidden { get; }

    /// <summary>Gate outputs, each (H, M); none without hidden layers.</summary>
    public PackedPair[] Output { get; }

    /// <summary>For each further hidden layer (trunks · M).</summary>
    public FloatBuffer[] HiddenBiases { get; }

    /// <summary>Gate outputs' biases (4H).</summary>
    public FloatBuffer? OutputBias { get; }

    public void Dispose()
    {
        Recurrent.Dispose();
        foreach (PackedPair pair in Hidden.SelectMany(layer => layer).Concat(Output))
            pair.Dispose();
        foreach (FloatBuffer bias in HiddenBiases)
            bias.Dispose();
        OutputBias?.Dispose();
    }

    private static PackedPair[] Blocks(Parameter weight, int blocks, int rows, int columns, bool backward)
    {
        float* values = TensorMemory.Pointer(weight);
        var pairs = new PackedPair[blocks];
        for (int block = 0; block < blocks; block++)
            pairs[block] = new PackedPair(values + (nint)block * rows * columns, rows, columns, columns, backward);
        return pairs;
    }
}
