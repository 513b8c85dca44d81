namespace Microsoft.ML.HLstm.Metrics.Captions;

/// <summary>
/// BLEU (Papineni et al. 2002) of a corpus as the COCO caption evaluation computes it: the reference closest in length, no
/// smoothing apart from two tiny numbers that keep the quotients defined.
/// </summary>
internal static class CaptionBleu
{
    private const double Tiny = 1e-15;
    private const double Small = 1e-9;

    /// <summary>BLEU with n-grams up to 1, 2, 3 and 4, each 0 to 1.</summary>
    public static double[] Scores(BleuStatistics statistics)
    {
        double ratio = (statistics.HypothesisLength + Tiny) / (statistics.ReferenceLength + Small);
        double penalty = ratio < 1 ? Math.Exp(1 - (1 / ratio)) : 1;
        double[] scores = new double[NGram.MaximumOrder];
        double product = 1;
        for (int n = 0; n < scores.Length; n++)
        {
            product *= (statistics.Matches[n] + Tiny) / (statistics.Totals[n] + Small);
            scores[n] = penalty * Math.Pow(product, 1.0 / (n + 1));
        }

        return scores;
    }
}
