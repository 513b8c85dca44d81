using System.Numerics.Tensors;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>A <see cref="Normalization"/> as one factor and one term for each channel or unit; shared and thread-safe.</summary>
internal sealed class PackedNormalization
{
    private readonly float[] _factors, _terms;

    /// <summary>Computes the factors and terms.</summary>
    public PackedNormalization(Normalization weights)
    {
        (_factors, _terms) = (new float[weights.Count], new float[weights.Count]);
        for (int unit = 0; unit < weights.Count; unit++)
        {
            double factor = weights.Scale[unit] / Math.Sqrt((double)weights.Variance[unit] + Normalization.Epsilon);
            _factors[unit] = (float)factor;
            _terms[unit] = (float)(weights.Shift[unit] - (weights.Mean[unit] * factor));
        }
    }

    /// <summary>What numbers are multiplied by.</summary>
    public ReadOnlySpan<float> Factors => _factors;

    /// <summary>What is added then.</summary>
    public ReadOnlySpan<float> Terms => _terms;

    /// <summary>Normalises one vector.</summary>
    public void Apply(ReadOnlySpan<float> x, Span<float> y) => TensorPrimitives.MultiplyAdd(x, _factors, _terms, y);
}
