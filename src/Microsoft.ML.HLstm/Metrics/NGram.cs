namespace Microsoft.ML.HLstm.Metrics;

/// <summary>Up to four token numbers in a row; numbers start at 1, and 0 fills the places of shorter n-grams.</summary>
internal readonly record struct NGram(int First, int Second, int Third, int Fourth)
{
    /// <summary>The longest n-gram.</summary>
    public const int MaximumOrder = 4;

    /// <summary>The n-gram of an order that starts at a position.</summary>
    public static NGram At(ReadOnlySpan<int> tokens, int start, int order) => new(
        tokens[start],
        order > 1 ? tokens[start + 1] : 0,
        order > 2 ? tokens[start + 2] : 0,
        order > 3 ? tokens[start + 3] : 0);

    /// <summary>How often each n-gram of an order occurs.</summary>
    public static Dictionary<NGram, int> Count(ReadOnlySpan<int> tokens, int order)
    {
        var counts = new Dictionary<NGram, int>();
        for (int start = 0; start + order <= tokens.Length; start++)
        {
            NGram ngram = At(tokens, start, order);
            counts[ngram] = counts.GetValueOrDefault(ngram) + 1;
        }

        return counts;
    }
}
