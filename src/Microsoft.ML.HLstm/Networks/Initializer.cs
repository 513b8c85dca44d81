using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks;

/// <summary>Initial weights from one random generator, so that a seed decides them all.</summary>
internal sealed class Initializer(Generator random, ScalarType type = ScalarType.Float32)
{
    /// <summary>The bound of Kaiming's uniform initialisation for ReLU (K. He et al., arXiv 1502.01852): sqrt(6 / fan-in).</summary>
    public static double KaimingBound(int fanIn) => Math.Sqrt(6.0 / fanIn);

    /// <summary>The bound of Xavier's uniform initialisation: sqrt(6 / (fan-in + fan-out)).</summary>
    public static double XavierBound(int fanIn, int fanOut) => Math.Sqrt(6.0 / (fanIn + fanOut));

    /// <summary>A parameter of zeros.</summary>
    public Parameter Zeros(params long[] shape) => Constant(0, shape);

    /// <summary>A parameter of which every value is <paramref name="value"/>.</summary>
    public Parameter Constant(double value, params long[] shape) => new(TensorNumbers.Filled(shape, value, type));

    /// <summary>A parameter that is not learned, of which every value is <paramref name="value"/>.</summary>
    public Parameter Statistic(double value, params long[] shape) => new(TensorNumbers.Filled(shape, value, type), requires_grad: false);

    /// <summary>A parameter uniform in ±<paramref name="bound"/>.</summary>
    public Weight Uniform(double bound, params long[] shape)
    {
        using var scope = NewDisposeScope();
        Tensor values = rand(shape, generator: random).Times(2).Plus(-1).Times(bound);
        return new Weight(values.to(type).MoveToOuterDisposeScope());
    }
}
