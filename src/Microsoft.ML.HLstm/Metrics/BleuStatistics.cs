namespace Microsoft.ML.HLstm.Metrics;

/// <summary>The sums over sentences from which BLEU is computed.</summary>
internal sealed class BleuStatistics
{
    private readonly long[] _matches = new long[NGram.MaximumOrder];
    private readonly long[] _totals = new long[NGram.MaximumOrder];

    /// <summary>Matching n-grams of each order, clipped to how often one reference has them.</summary>
    public ReadOnlySpan<long> Matches => _matches;

    /// <summary>All n-grams of each order in the hypotheses.</summary>
    public ReadOnlySpan<long> Totals => _totals;

    /// <summary>The tokens of the hypotheses.</summary>
    public long HypothesisLength { get; private set; }

    /// <summary>The tokens of the closest references.</summary>
    public long ReferenceLength { get; private set; }

    /// <summary>Adds one sentence of numbered tokens with its references, of which there is at least one.</summary>
    public void Add(int[] hypothesisTokens, IReadOnlyList<int[]> referenceTokens)
    {
        HypothesisLength += hypothesisTokens.Length;

        // Of two references equally close in length the shorter one counts.
        ReferenceLength += referenceTokens.Select(tokens => tokens.Length)
            .OrderBy(length => Math.Abs(length - hypothesisTokens.Length)).ThenBy(length => length).First();
        for (int order = 1; order <= NGram.MaximumOrder; order++)
        {
            _totals[order - 1] += Math.Max(0, hypothesisTokens.Length - order + 1);
            Dictionary<NGram, int>[] referenceCounts = [.. referenceTokens.Select(tokens => NGram.Count(tokens, order))];
            foreach ((NGram ngram, int count) in NGram.Count(hypothesisTokens, order))
                _matches[order - 1] += Math.Min(count, referenceCounts.Max(counts => counts.GetValueOrDefault(ngram)));
        }
    }
}
