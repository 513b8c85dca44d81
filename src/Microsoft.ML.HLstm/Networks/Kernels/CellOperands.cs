namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>A cell's matrices made ready for one batch, for the way forward and, where gradients are wanted, for the way back.</summary>
internal sealed unsafe class CellOperands : IDisposable
{
    /// <summary>Makes the matrices of a cell ready.</summary>
    public CellOperands(HLstmCell cell, bool backward, int threads)
    {
        Recurrent = WeightOperand.Of(cell.WeightRecurrent, 0, backward, threads);
        Hidden = [.. cell.HiddenWeights.Select(weight => WeightOperand.Blocks(weight, cell.Gates.Trunks, backward, threads))];
        Output = cell.OutputWeight is null ? [] : WeightOperand.Blocks(cell.OutputWeight, 4, backward, threads);
        HiddenBiases = [.. cell.HiddenBiases.Select(TensorMemory.Copy)];
        OutputBias = cell.OutputBias is null ? null : TensorMemory.Copy(cell.OutputBias);
    }

    /// <summary>First layer from the state (R, H).</summary>
    public WeightOperand Recurrent { get; }

    /// <summary>For each further hidden layer one (M, M) for each trunk.</summary>
    public WeightOperand[][] Hidden { get; }

    /// <summary>Gate outputs, each (H, M); none without hidden layers.</summary>
    public WeightOperand[] Output { get; }

    /// <summary>For each further hidden layer (trunks · M).</summary>
    public FloatBuffer[] HiddenBiases { get; }

    /// <summary>Gate outputs' biases (4H).</summary>
    public FloatBuffer? OutputBias { get; }

    /// <summary>Rows that a product takes at once: a part of the batch that is a multiple fills tiles or vectors.</summary>
    public int RowsTogether => All.Any(operand => operand.IsSparse) ? VectorMath.Width : MatrixTile.Rows;

    /// <summary>Connections of all matrices: the multiply-adds of one row and step.</summary>
    public long Connections => All.Sum(operand => operand.GradientValues);

    private IEnumerable<WeightOperand> All => [Recurrent, .. Hidden.SelectMany(layer => layer), .. Output];

    public void Dispose()
    {
        foreach (WeightOperand operand in All)
            operand.Dispose();
        foreach (FloatBuffer bias in HiddenBiases)
            bias.Dispose();
        OutputBias?.Dispose();
    }
}
