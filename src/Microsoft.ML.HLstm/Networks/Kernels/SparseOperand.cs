namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>A weight matrix of which only the active connections take part, forward, backward and in its gradient.</summary>
internal sealed unsafe class SparseOperand : WeightOperand
{
    private readonly Weight _weight;
    private readonly ConnectionPattern _pattern;
    private readonly FloatBuffer _byRow;
    private readonly FloatBuffer? _byColumn;

    /// <summary>Gathers the weights of a pattern's connections.</summary>
    public SparseOperand(Weight weight, ConnectionPattern pattern, bool backward, int threads)
    {
        (_weight, _pattern) = (weight, pattern);
        _byRow = FloatBuffer.Rent(pattern.Count);
        _byColumn = backward ? FloatBuffer.Rent(pattern.Count) : null;
        float* byRow = _byRow.Pointer;
        pattern.Gather(TensorMemory.Pointer(weight), byRow, threads);
        if (_byColumn is not null)
            Transpose(byRow, pattern.Transposed, pattern.Count, _byColumn.Pointer, threads);
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
        using var panels = new Panels(x, strideX, rows, _pattern.ByRow.Columns, threads);
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

    private static void Transpose(float* byRow, int* transposed, int count, float* to, int threads) =>
        WorkSplit.Run(threads, count, VectorMath.Width, (long)count * WorkSplit.PerValue, (start, end) =>
        {
            for (int k = start; k < end; k++)
                to[k] = byRow[transposed[k]];
        });
}
