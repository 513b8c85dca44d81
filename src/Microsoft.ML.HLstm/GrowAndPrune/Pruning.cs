namespace Microsoft.ML.HLstm.GrowAndPrune;

/// <summary>Pruning: which active connections become dormant.</summary>
internal static class Pruning
{
    /// <summary>
    /// Removes the share <paramref name="ratio"/> of the active connections whose weights have the smallest magnitude, but
    /// leaves at least <paramref name="leave"/> of them. Returns how many were removed.
    /// </summary>
    public static int Magnitude(MaskedMatrix matrix, ReadOnlySpan<float> weights, double ratio, int leave)
    {
        int count = Math.Min((int)Math.Round(ratio * matrix.ActiveCount), matrix.ActiveCount - leave);
        if (count <= 0)
            return 0;
        var scores = new float[weights.Length];
        for (int i = 0; i < scores.Length; i++)
            scores[i] = -MathF.Abs(weights[i]);
        foreach (int connection in Selection.Largest(matrix.Mask, member: 1, scores, count))
            matrix.Deactivate(connection);
        return count;
    }
}
