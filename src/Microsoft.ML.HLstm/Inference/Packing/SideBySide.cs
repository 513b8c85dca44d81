namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>Joins matrices that are multiplied together.</summary>
internal static class SideBySide
{
    /// <summary>
    /// The matrix [left, right], so that <c>[left, right] [x; h] = left x + right h</c> in one multiplication. The values are
    /// copied.
    /// </summary>
    /// <exception cref="InvalidDataException">The matrices have different numbers of rows.</exception>
    public static WeightMatrix Join(WeightMatrix left, WeightMatrix right)
    {
        ShapeCheck.Matrix(right, left.Rows, right.Columns, $"beside '{left.Name}'");
        int columns = left.Columns + right.Columns;
        float[] values = new float[left.Rows * columns];
        for (int row = 0; row < left.Rows; row++)
        {
            left.Row(row).CopyTo(values.AsSpan(row * columns));
            right.Row(row).CopyTo(values.AsSpan((row * columns) + left.Columns));
        }

        return new WeightMatrix(left.Name, left.Rows, columns, values);
    }
}
