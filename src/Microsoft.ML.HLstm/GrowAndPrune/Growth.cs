namespace Microsoft.ML.HLstm.GrowAndPrune;

/// <summary>Growth: which dormant connections become active. A criterion gives every connection a score.</summary>
internal static class Growth
{
    /// <summary>
    /// The scores of a criterion: |average gradient| at zero weight, or random numbers. <paramref name="gradientSum"/> is
    /// the signed sum over batches; its magnitude is taken here, at the end.
    /// </summary>
    public static float[] Scores(GrowthCriterion criterion, ReadOnlySpan<float> gradientSum, Random random)
    {
        var scores = new float[gradientSum.Length];
        for (int i = 0; i < scores.Length; i++)
            scores[i] = criterion == GrowthCriterion.Gradient ? MathF.Abs(gradientSum[i]) : random.NextSingle();
        return scores;
    }

    /// <summary>
    /// Activates the share <paramref name="ratio"/> of the dormant cells, at least one level, that has the largest sums of
    /// scores: exactly so many, earlier ones first among equals. Returns how many connections grew.
    /// </summary>
    public static int Activate(MaskedMatrix matrix, ReadOnlySpan<float> scores, double ratio)
    {
        int level = matrix.Level, dormant = matrix.Layout.Levels - level;
        return dormant == 0 ? 0 : Selection.Adjust(matrix, level + Math.Max(1, (int)Math.Round(ratio * dormant)), matrix.Layout.Sums(scores));
    }
}
