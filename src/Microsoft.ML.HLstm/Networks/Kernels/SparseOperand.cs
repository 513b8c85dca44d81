namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>A weight matrix of which only the active connections take part, forward, backward and in its gradient.</summary>
internal sealed unsafe class SparseOperand : WeightOperand
{
    private readonly Weight _weight;
    private readonly ConnectionPattern _pattern;
    private readonly FloatBuffer _byRow;
    private readonly FloatBuffer? _byColumn;

    /// <summary>Gathers the weights of a pattern's connections.</summary>
    public SparseOperand(Weight weight, ConnectionPattern pattern, bool backward)
    {
        (_weight, _pattern) = (weight, pattern);
        _byRow = FloatBuffer.Rent(pattern.Count);
        _byColumn = backward ? FloatBuffer.Rent(pattern.Count) : null;
        float* all = TensorMemory.Pointer(weight), byRow = _byRow.Pointer;
        for (int k = 0; k < pattern.Count; k++)
            byRow[k] = all[pattern.Positions[k]];
        for (int k = 0; k < pattern.Count && backward; k++)
            _byColumn!.Pointer[k] = byRow[pattern.Transposed[k]];
    }

    public override bool IsSparse => true;

    public override void Forward(float* x, nint strideX, int rows, float* result, nint stride, bool accumulate, int threads) =>
        SparseProduct.Multiply(x, strideX, rows, _pattern.ByRow, _byRow.Pointer, result, stride, accumulate, threads);

    public override void Backward(float* y, nint strideY, int rows, float* result, nint stride, bool accumulate, int threads) =>
        SparseProduct.Multiply(y, strideY, rows, _pattern.ByColumn, _byColumn!.Pointer, result, stride, accumulate, threads);

    public override long GradientValues => _pattern.Count;

    public override void Gradient(float* y, nint strideY, float* x, nint strideX, int rows, float* result, int threads)
    {
        using FloatBuffer gradients = FloatBuffer.Rent(_pattern.Count);
        SumGradient(y, strideY, x, strideX, rows, gradients.Pointer, false, threads);
        TakeGradient(gradients.Pointer);
    }

    public override void SumGradient(float* y, nint strideY, float* x, nint strideX, int rows, float* sums, bool accumulate, int threads)
    {
        using var panels = new Panels(x, strideX, rows, _pattern.ByRow.Columns);
        SparseProduct.Gradient(panels, y, strideY, _pattern.ByRow, sums, accumulate, threads);
    }

    public override TorchSharp.torch.Tensor? TakeGradient(float* sums)
    {
        _weight.AddGradient(_pattern, sums);
        return null;
    }

    public override void Dispose()
    {
        _byRow.Dispose();
        _byColumn?.Dispose();
    }
}
