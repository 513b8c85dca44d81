using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks;

/// <summary>Dropout from an explicit random generator.</summary>
internal static class Dropouts
{
    /// <summary>Zeros with the given probability, 1 / (1 - probability) elsewhere, in the type of <paramref name="like"/>.</summary>
    public static Tensor Mask(long[] shape, double probability, Tensor like, Generator? random)
    {
        using var scope = NewDisposeScope();
        // Held here: TorchSharp lets the garbage collector free a scalar while libtorch reads it.
        using Scalar dropped = probability, scale = 1 / (1 - probability);
        Tensor kept = rand(shape, generator: random) >= dropped;
        return (kept.to(like.dtype) * scale).MoveToOuterDisposeScope();
    }

    /// <summary>Dropout while training, the identity otherwise.</summary>
    public static Tensor Apply(Tensor values, double probability, bool training, Generator? random)
    {
        if (!training || probability == 0)
            return values;
        using Tensor mask = Mask(values.shape, probability, values, random);
        return values * mask;
    }
}
