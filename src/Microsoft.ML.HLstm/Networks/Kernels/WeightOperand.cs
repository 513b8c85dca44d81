namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>A weight matrix W (N, K) made ready for one batch: all of its connections, or the active ones only.</summary>
internal abstract unsafe class WeightOperand : IDisposable
{
    /// <summary>True when only active connections take part.</summary>
    public abstract bool IsSparse { get; }

    /// <summary>A block of a parameter; <paramref name="backward"/> tells that gradients will be asked for.</summary>
    public static WeightOperand Of(Weight weight, int block, bool backward, int threads)
    {
        if (weight.Connections is { } connections)
            return new SparseOperand(weight, connections.Block(block), backward, threads);
        int rows = (int)weight.shape[^2], columns = (int)weight.shape[^1];
        return new PackedPair(TensorMemory.Pointer(weight) + (nint)block * rows * columns, rows, columns, columns, backward, threads);
    }

    /// <summary>All blocks of a parameter.</summary>
    public static WeightOperand[] Blocks(Weight weight, int blocks, bool backward, int threads) =>
        [.. Enumerable.Range(0, blocks).Select(block => Of(weight, block, backward, threads))];

    /// <summary>Some columns of a parameter of one block.</summary>
    public static WeightOperand OfColumns(Weight weight, int first, int count, bool backward, int threads)
    {
        if (weight.Columns(first, count) is { } pattern)
            return new SparseOperand(weight, pattern, backward, threads);
        return new PackedPair(TensorMemory.Pointer(weight) + first, (int)weight.shape[0], count, (nint)weight.shape[1], backward, threads);
    }

    /// <summary>result (M, N) (+)= x (M, K) · Wᵀ.</summary>
    public abstract void Forward(float* x, nint strideX, int rows, float* result, nint stride, bool accumulate, int threads);

    /// <summary>result (M, K) (+)= y (M, N) · W.</summary>
    public abstract void Backward(float* y, nint strideY, int rows, float* result, nint stride, bool accumulate, int threads);

    /// <summary>
    /// The weights' gradient yᵀ · x of y (M, N) and x (M, K), M running over time and batch. A dense one goes to
    /// <paramref name="result"/> (N, K); that of active connections is added to the parameter's own.
    /// </summary>
    public abstract void Gradient(float* y, nint strideY, float* x, nint strideX, int rows, float* result, int threads);

    /// <summary>Values of a gradient: one for each connection that takes part.</summary>
    public abstract long GradientValues { get; }

    /// <summary>The same gradient summed in parts into <paramref name="sums"/>, which <see cref="TakeGradient"/> takes in the end.</summary>
    public abstract void SumGradient(float* y, nint strideY, float* x, nint strideX, int rows, float* sums, bool accumulate, int threads);

    /// <summary>A sum of gradients as a tensor (N, K); or null, when it was added to the parameter's own.</summary>
    public abstract TorchSharp.torch.Tensor? TakeGradient(float* sums);

    public abstract void Dispose();
}
