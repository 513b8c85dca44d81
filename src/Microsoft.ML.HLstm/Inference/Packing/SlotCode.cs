namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>
/// A weight and its column inside a window of 32 as one number. The column lies in the lowest five bits, and the bits above
/// are chosen so that the number as a whole, those five included, is nearest to the weight: nothing is masked when multiplying.
/// A slot without a connection is 0.
/// </summary>
internal static class SlotCode
{
    private const int Columns = SlicePlan.WindowColumns;

    /// <summary>Scale of a row of 16-bit slots; its largest weight stays in range whatever its column.</summary>
    public static float ScaleOf(ReadOnlySpan<float> row) => RowScale.Of(row, short.MaxValue - Columns);

    /// <summary>The nearest float32 with these lowest bits: off by at most 2^-19 of the weight.</summary>
    /// <param name="weight">A finite number.</param>
    /// <param name="column">0 to 31, from the start of the window.</param>
    public static float Single(float weight, int column)
    {
        // Magnitudes of floats are ordered like their bits, so the nearest code is found among integers.
        int bits = BitConverter.SingleToInt32Bits(weight);
        int sign = bits & int.MinValue;
        int magnitude = Math.Min(Nearest(bits & int.MaxValue, column), BitConverter.SingleToInt32Bits(float.MaxValue) - (Columns - 1) + column);
        return BitConverter.Int32BitsToSingle(sign | Math.Max(magnitude, column));
    }

    /// <summary>The nearest integer with these lowest bits: off by at most 16, which is 2^-11 of the row's largest weight.</summary>
    public static short Int16(float weight, float scale, int column) =>
        (short)Math.Clamp(Nearest((int)MathF.Round(weight / scale), column), short.MinValue + column, short.MaxValue - (Columns - 1) + column);

    private static int Nearest(int value, int column)
    {
        int below = ((value - column) & -Columns) + column;
        return value - below > Columns / 2 ? below + Columns : below;
    }
}
