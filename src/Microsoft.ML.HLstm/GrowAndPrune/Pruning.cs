namespace Microsoft.ML.HLstm.GrowAndPrune;

/// <summary>Pruning: which active connections become dormant.</summary>
internal static class Pruning
{
    /// <summary>
    /// Removes the share <paramref name="ratio"/> of the active cells, at least one level, whose weights have the smallest sum
    /// of magnitudes, but stops at the density <paramref name="target"/>. Returns how many connections were removed.
    /// </summary>
    public static int Magnitude(MaskedMatrix matrix, ReadOnlySpan<float> weights, double ratio, double target)
    {
        int level = matrix.Level;
        int left = Math.Max(matrix.Layout.LevelOf(target), level - Math.Max(1, (int)Math.Round(ratio * level)));
        if (left >= level)
            return 0;
        var magnitudes = new float[weights.Length];
        for (int i = 0; i < magnitudes.Length; i++)
            magnitudes[i] = MathF.Abs(weights[i]);
        return Selection.Adjust(matrix, left, matrix.Layout.Sums(magnitudes));
    }

    /// <summary>True when pruning to a density has nothing left to remove.</summary>
    public static bool HasReached(MaskedMatrix matrix, double target) => matrix.Level <= matrix.Layout.LevelOf(target);
}
