namespace Microsoft.ML.HLstm.Metrics.Captions;

/// <summary>
/// CIDEr-D (Vedantam, Zitnick and Parikh 2015, arXiv 1411.5726) as the COCO caption evaluation computes it: n-grams up to 4,
/// a Gaussian penalty of length with a standard deviation of 6, counts clipped to the reference's, times 10.
/// </summary>
internal static class CiderD
{
    private const double Sigma = 6;
    private const double Scale = 10;

    /// <summary>The score of one sentence, 0 to 10; the score of a corpus is the mean of its sentences.</summary>
    /// <param name="hypothesis">Numbered tokens.</param>
    /// <param name="references">Numbered tokens of at least one reference.</param>
    /// <param name="frequencies">Of which documents there are two or more: with one document every n-gram weighs nothing.</param>
    public static double Score(int[] hypothesis, IReadOnlyList<int[]> references, DocumentFrequencies frequencies)
    {
        double sum = 0;
        for (int order = 1; order <= NGram.MaximumOrder; order++)
        {
            var said = new TermVector(hypothesis, order, frequencies);
            foreach (int[] reference in references)
                sum += said.ClippedCosine(new TermVector(reference, order, frequencies)) * LengthPenalty(hypothesis, reference);
        }

        return Scale * sum / (NGram.MaximumOrder * references.Count);
    }

    // The evaluation measures length in bigrams, so that sentences of no word and of one word are equally long.
    private static double LengthPenalty(int[] hypothesis, int[] reference)
    {
        double difference = Math.Max(0, hypothesis.Length - 1) - Math.Max(0, reference.Length - 1);
        return Math.Exp(-difference * difference / (2 * Sigma * Sigma));
    }
}
