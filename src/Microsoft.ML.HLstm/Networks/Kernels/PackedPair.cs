namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>A weight matrix W (N, K) packed for x · Wᵀ and, where gradients are wanted, for y · W.</summary>
internal sealed unsafe class PackedPair : WeightOperand
{
    private readonly PackedOperand _forward;
    private readonly PackedOperand? _backward;

    /// <summary>Packs a matrix stored by rows with a stride.</summary>
    public PackedPair(float* values, int rows, int columns, nint stride, bool backward, int threads)
    {
        _forward = PackedOperand.ByColumns(values, columns, rows, stride, threads);
        _backward = backward ? PackedOperand.ByRows(values, rows, columns, stride, threads) : null;
    }

    public override bool IsSparse => false;

    public override void Forward(float* x, nint strideX, int rows, float* result, nint stride, bool accumulate, int threads) =>
        MatrixProduct.Multiply(x, strideX, rows, _forward, result, stride, accumulate, threads);

    public override void Backward(float* y, nint strideY, int rows, float* result, nint stride, bool accumulate, int threads) =>
        MatrixProduct.Multiply(y, strideY, rows, _backward!, result, stride, accumulate, threads);

    public override long GradientValues => (long)_forward.Columns * _forward.Depth;

    public override void Gradient(float* y, nint strideY, float* x, nint strideX, int rows, float* result, int threads) =>
        SumGradient(y, strideY, x, strideX, rows, result, false, threads);

    public override void SumGradient(float* y, nint strideY, float* x, nint strideX, int rows, float* sums, bool accumulate, int threads)
    {
        int outputs = _forward.Columns, inputs = _forward.Depth;
        using PackedOperand packed = PackedOperand.ByRows(x, rows, inputs, strideX, threads);
        MatrixProduct.MultiplyTransposed(y, strideY, outputs, packed, sums, inputs, accumulate, threads);
    }

    public override TorchSharp.torch.Tensor TakeGradient(float* sums) => TensorMemory.FromValues(sums, _forward.Columns, _forward.Depth);

    public override void Dispose()
    {
        _forward.Dispose();
        _backward?.Dispose();
    }
}
