using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>Rounds weights to another precision. Never an active connection to zero: the counts a user was told stay true.</summary>
internal static class WeightRounding
{
    /// <summary>Largest magnitude of a level at <see cref="WeightPrecision.Int8"/>. Symmetric: -128 is not used.</summary>
    public const int LargestLevel = 127;

    /// <summary>The matrix at a precision; the matrix itself where it has it.</summary>
    /// <exception cref="InvalidDataException">A weight is not finite, or too large for the precision; the message names the matrix.</exception>
    public static WeightMatrix At(this WeightMatrix matrix, WeightPrecision precision)
    {
        if (matrix.Precision == precision)
            return matrix;
        float[] values = matrix.Values;
        switch (precision)
        {
            case WeightPrecision.Half:
                return new WeightMatrix(matrix.Name, matrix.Rows, matrix.Columns, ToHalves(values, matrix.Name));
            case WeightPrecision.Int8:
                var levels = new sbyte[values.Length];
                float[] scales = new float[matrix.Rows];
                for (int row = 0; row < matrix.Rows; row++)
                {
                    int start = row * matrix.Columns;
                    scales[row] = Quantize(values.AsSpan(start, matrix.Columns), levels.AsSpan(start, matrix.Columns), matrix.Name);
                }

                return new WeightMatrix(matrix.Name, matrix.Rows, matrix.Columns, levels, scales);
            default:
                return new WeightMatrix(matrix.Name, matrix.Rows, matrix.Columns, values);
        }
    }

    [MethodImpl(Compiled.AtOnce)]
    private static Half[] ToHalves(float[] values, string name)
    {
        var halves = new Half[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            Half half = (Half)values[i];
            if (!Half.IsFinite(half))
                throw new InvalidDataException($"Matrix '{name}' has the weight {values[i]}; half precision reaches to {Half.MaxValue}.");
            halves[i] = values[i] != 0f && half == Half.Zero ? Half.CopySign(Half.Epsilon, half) : half;
        }

        return halves;
    }

    /// <summary>Rounds a row to levels and returns its scale, 0 for a row without connections.</summary>
    private static float Quantize(ReadOnlySpan<float> row, Span<sbyte> levels, string name)
    {
        float largest = row.IsEmpty ? 0f : Math.Abs(TensorPrimitives.MaxMagnitude(row));
        if (largest == 0f)
            return 0f;
        if (!float.IsFinite(largest))
            throw new InvalidDataException($"Matrix '{name}' has the weight {largest}; only finite numbers can be rounded.");
        // Not 0 for the smallest weights there are, and not so large that the largest level overflows.
        float scale = Math.Max(largest / LargestLevel, float.Epsilon);
        while (!float.IsFinite(scale * LargestLevel))
            scale = MathF.BitDecrement(scale);
        for (int column = 0; column < row.Length; column++)
        {
            int level = Math.Clamp((int)MathF.Round(row[column] / scale), -LargestLevel, LargestLevel);
            levels[column] = (sbyte)(level == 0 ? Math.Sign(row[column]) : level);
        }

        return scale;
    }
}
