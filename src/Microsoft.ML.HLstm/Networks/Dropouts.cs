using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks;

/// <summary>Dropout from an explicit random generator.</summary>
internal static class Dropouts
{
    /// <summary>Zeros with the given probability, 1 / (1 - probability) elsewhere, in the type of <paramref name="like"/>.</summary>
    public static Tensor Mask(long[] shape, double probability, Tensor like, Generator? random)
    {
        using var scope = NewDisposeScope();
        Tensor kept = rand(shape, generator: random).IsAtLeast(probability);
        return kept.to(like.dtype).Times(1 / (1 - probability)).MoveToOuterDisposeScope();
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
