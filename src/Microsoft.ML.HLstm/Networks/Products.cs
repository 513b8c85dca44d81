using Microsoft.ML.HLstm.Networks.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks;

/// <summary>Matrix products by the fastest route at hand.</summary>
internal static class Products
{
    /// <summary>
    /// input · weightᵀ + bias over the last dimension: (..., K), (N, K) and (N) or none to (..., N).
    /// <paramref name="columns"/> takes only the first columns of the weights.
    /// libtorch sends float32 products to MKL, which takes a slow path on processors that are not Intel's: 95 GFLOP/s on
    /// one AVX-512 core where the managed kernels reach 220.
    /// </summary>
    public static Tensor Linear(Tensor input, Weight weight, Tensor? bias = null, int? columns = null)
    {
        bool fused = AreFused(input, weight);
        if (fused && weight.Columns(0, columns ?? (int)weight.shape[1]) is { } pattern)
            return SparseLinearFunction.Run(input, weight, pattern, bias);
        Tensor matrix = columns is { } n ? weight.narrow(1, 0, n) : weight;
        return fused ? LinearFunction.Run(input, matrix, bias) : nn.functional.linear(input, matrix, bias);
    }

    /// <summary>
    /// The mean cross entropy of the logits input · weightᵀ + bias, (N, K), (V, K) and (V), against <paramref name="labels"/>
    /// (N) and, where there is one, a teacher, with <paramref name="consistency"/> times the <see cref="Consistency.Divergence"/> of the two halves of N.
    /// </summary>
    public static Tensor CrossEntropy(Tensor input, Weight weight, Tensor bias, Tensor labels, long ignored, double smoothing, SoftTargets? teacher = null, double consistency = 0)
    {
        if (AreFused(input, weight))
            return CrossEntropyFunction.Run(input, weight, bias, labels.data<long>().ToArray(), ignored, smoothing, teacher, consistency);
        Tensor logits = Linear(input, weight, bias), counted = labels.IsNot(ignored);
        Tensor loss;
        if (teacher is null)
        {
            loss = nn.functional.cross_entropy(logits, labels, ignore_index: ignored, label_smoothing: smoothing);
        }
        else
        {
            Tensor targets = teacher.Mix(labels * counted.to(ScalarType.Int64), smoothing, (int)weight.shape[0], logits.dtype);
            Tensor losses = -(targets * nn.functional.log_softmax(logits, 1)).sum(dim: 1);
            loss = (losses * counted.to(logits.dtype)).sum() / counted.sum();
        }

        return consistency == 0 ? loss : loss.Plus(Consistency.Divergence(nn.functional.log_softmax(logits, 1) * counted.unsqueeze(1), 0).Times(consistency) / counted.sum());
    }

    /// <summary>Rows of a matrix (N, E) for ids of any shape: an embedding.</summary>
    public static Tensor Rows(Tensor matrix, Tensor ids) =>
        matrix.index_select(0, ids.flatten()).view([.. ids.shape, matrix.shape[1]]);

    /// <summary>True where the managed kernels compute: float32 in main memory, unless the reference is asked for.</summary>
    public static bool AreFused(Tensor input, Tensor weight) =>
        HLstmCell.UseFused && input.dtype == ScalarType.Float32 && weight.dtype == ScalarType.Float32
        && input.device_type == DeviceType.CPU && weight.device_type == DeviceType.CPU;
}
