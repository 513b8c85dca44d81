namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>A weight matrix W (N, K) packed for x · Wᵀ and, where gradients are wanted, for y · W.</summary>
internal sealed unsafe class PackedPair : IDisposable
{
    private readonly PackedOperand _forward;
    private readonly PackedOperand? _backward;

    /// <summary>Packs a matrix stored by rows with a stride.</summary>
    public PackedPair(float* values, int rows, int columns, nint stride, bool backward)
    {
        _forward = PackedOperand.ByColumns(values, columns, rows, stride);
        _backward = backward ? PackedOperand.ByRows(values, rows, columns, stride) : null;
    }

    /// <summary>result (M, N) (+)= x (M, K) · Wᵀ.</summary>
    public void Forward(float* x, nint strideX, int rows, float* result, nint stride, bool accumulate, int threads) =>
        MatrixProduct.Multiply(x, strideX, rows, _forward, result, stride, accumulate, threads);

    /// <summary>result (M, K) (+)= y (M, N) · W.</summary>
    public void Backward(float* y, nint strideY, int rows, float* result, nint stride, bool accumulate, int threads) =>
        MatrixProduct.Multiply(y, strideY, rows, _backward!, result, stride, accumulate, threads);

    public void Dispose()
    {
        _forward.Dispose();
        _backward?.Dispose();
    }
}
