using System.Numerics.Tensors;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>Scores to log-probabilities.</summary>
internal static class LogSoftmax
{
    /// <summary>Replaces <c>x</c> by <c>x - log sum exp x</c>, shifted by the largest so that nothing overflows.</summary>
    /// <param name="values">At least one.</param>
    /// <param name="scratch">Working memory of at least that length.</param>
    public static void Apply(Span<float> values, Span<float> scratch)
    {
        scratch = scratch[..values.Length];
        TensorPrimitives.Subtract(values, TensorPrimitives.Max<float>(values), values);
        TensorPrimitives.Exp(values, scratch);
        TensorPrimitives.Subtract(values, MathF.Log(TensorPrimitives.Sum<float>(scratch)), values);
    }
}
