namespace Microsoft.ML.HLstm.Metrics.Captions;

/// <summary>
/// ROUGE-L (Lin 2004) as the COCO caption evaluation computes it: an F-measure over the longest common subsequence that favours
/// recall with a beta of 1.2; precision and recall are each the best of all references.
/// </summary>
internal static class RougeL
{
    private const double Beta = 1.2;

    /// <summary>The score of one sentence, 0 to 1; the score of a corpus is the mean of its sentences.</summary>
    /// <param name="hypothesis">Numbered tokens.</param>
    /// <param name="references">Numbered tokens of at least one reference.</param>
    public static double Score(int[] hypothesis, IReadOnlyList<int[]> references)
    {
        int[] said = Words(hypothesis);
        double precision = 0, recall = 0;
        foreach (int[] reference in references.Select(Words))
        {
            double common = LongestCommonSubsequence(said, reference);
            precision = Math.Max(precision, common / said.Length);
            recall = Math.Max(recall, common / reference.Length);
        }

        return precision > 0 && recall > 0 ? (1 + (Beta * Beta)) * precision * recall / (recall + (Beta * Beta * precision)) : 0;
    }

    // To the evaluation a sentence without words is one empty word: it matches another such sentence.
    private static int[] Words(int[] tokens) => tokens.Length == 0 ? [0] : tokens;

    private static int LongestCommonSubsequence(int[] first, int[] second)
    {
        int[] lengths = new int[second.Length + 1];
        foreach (int token in first)
        {
            int diagonal = 0;
            for (int j = 1; j <= second.Length; j++)
            {
                int above = lengths[j];
                lengths[j] = token == second[j - 1] ? diagonal + 1 : Math.Max(above, lengths[j - 1]);
                diagonal = above;
            }
        }

        return lengths[^1];
    }
}
