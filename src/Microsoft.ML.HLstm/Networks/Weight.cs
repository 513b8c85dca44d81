using Microsoft.ML.HLstm.Networks.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks;

/// <summary>A weight matrix (N, K), or several in blocks (blocks, N, K), that may know which of its connections exist.</summary>
internal sealed unsafe class Weight(Tensor values) : Parameter(values)
{
    /// <summary>
    /// The managed kernels compute these connections only, forward and backward. Null: they
    /// compute all of them, so that dormant connections get their gradients too.
    /// </summary>
    public MatrixConnections? Connections { get; set; }

    /// <summary>The pattern of a matrix of one block, or of some of its columns; null when all connections are computed.</summary>
    public ConnectionPattern? Columns(int first, int count) => Connections?.Columns(first, count);

    /// <summary>
    /// Adds the gradients of a pattern's connections to <c>grad</c>. A dense gradient for autograd to add would cost more
    /// memory traffic than the products, so what computes by patterns comes here and returns no gradient to autograd.
    /// </summary>
    public void AddGradient(ConnectionPattern pattern, float* gradients)
    {
        using Tensor? before = grad;
        // A tensor's own zeros(shape) would write them into the weights.
        using Tensor target = before ?? torch.zeros(shape);
        pattern.AddTo(TensorMemory.Pointer(target), gradients);
        if (before is null)
            grad = target;
    }
}
