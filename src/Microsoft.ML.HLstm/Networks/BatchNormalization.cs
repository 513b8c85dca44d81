using Microsoft.ML.HLstm.Inference;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks;

/// <summary>
/// Batch normalisation (S. Ioffe, C. Szegedy, arXiv 1502.03167) over rows, which must be real ones: padding is left out before.
/// The running statistics are parameters without gradient, so that what keeps, averages and restores parameters does the same with them.
/// </summary>
internal sealed class BatchNormalization : nn.Module
{
    // Batches are of similar length, so one batch is not like all: slower than the library's 0.1.
    private const double Momentum = 0.05;

    /// <summary>The normalisation of <paramref name="count"/> channels or units, at first the identity.</summary>
    public BatchNormalization(string name, int count, Initializer initial) : base(name)
    {
        Scale = initial.Constant(1, count);
        Shift = initial.Zeros(count);
        Mean = initial.Statistic(0, count);
        Variance = initial.Statistic(1, count);
        register_parameter("scale", Scale);
        register_parameter("shift", Shift);
        register_parameter("mean", Mean);
        register_parameter("variance", Variance);
    }

    /// <summary>Learned factors (C).</summary>
    public Parameter Scale { get; }

    /// <summary>Learned terms (C).</summary>
    public Parameter Shift { get; }

    /// <summary>Running means (C).</summary>
    public Parameter Mean { get; }

    /// <summary>Running variances (C).</summary>
    public Parameter Variance { get; }

    /// <summary>Rows (N, C), normalised by their own statistics while training and by the running ones otherwise.</summary>
    public Tensor Run(Tensor rows)
    {
        // One row has no variance.
        bool own = training && rows.shape[0] > 1;
        return nn.functional.batch_norm(rows, Mean, Variance, Scale, Shift, own, Momentum, Normalization.Epsilon);
    }
}
