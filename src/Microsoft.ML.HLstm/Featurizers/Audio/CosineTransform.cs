using System.Numerics.Tensors;

namespace Microsoft.ML.HLstm.Featurizers.Audio;

/// <summary>The first rows of the orthonormal DCT-II.</summary>
internal sealed class CosineTransform
{
    private readonly float[] _rows;
    private readonly int _length;

    /// <summary>Computes the rows.</summary>
    public CosineTransform(int length, int coefficients)
    {
        _length = length;
        _rows = new float[coefficients * length];
        for (int k = 0; k < coefficients; k++)
        {
            double scale = Math.Sqrt((k == 0 ? 1.0 : 2.0) / length);
            for (int j = 0; j < length; j++)
                _rows[k * length + j] = (float)(scale * Math.Cos(Math.PI * k * (j + 0.5) / length));
        }
    }

    /// <summary>Transforms numbers into coefficients.</summary>
    public void Transform(ReadOnlySpan<float> values, Span<float> coefficients)
    {
        for (int k = 0; k < coefficients.Length; k++)
            coefficients[k] = TensorPrimitives.Dot(_rows.AsSpan(k * _length, _length), values);
    }
}
