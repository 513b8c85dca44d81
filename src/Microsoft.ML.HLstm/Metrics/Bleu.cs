namespace Microsoft.ML.HLstm.Metrics;

/// <summary>BLEU as sacreBLEU computes it: 13a tokenisation, n-grams up to 4, the reference closest in length.</summary>
internal static class Bleu
{
    /// <summary>The BLEU of a corpus with one reference for each sentence.</summary>
    public static BleuScore Corpus(IReadOnlyList<string> hypotheses, IReadOnlyList<string> references, bool lowerCase = false, BleuSmoothing smoothing = BleuSmoothing.Exponential) =>
        Corpus(hypotheses, (IReadOnlyList<IReadOnlyList<string?>>)[references], lowerCase, smoothing);

    /// <summary>The BLEU of a corpus.</summary>
    /// <param name="hypotheses">The sentences to score, as plain text.</param>
    /// <param name="referenceSets">
    /// Sets of references, each with one sentence for each hypothesis; <see langword="null"/> where a set has none.
    /// </param>
    /// <param name="lowerCase">Whether upper and lower case count as the same.</param>
    /// <param name="smoothing">What happens to orders without a match.</param>
    /// <exception cref="ArgumentException">There are no sentences, or not as many references as hypotheses.</exception>
    public static BleuScore Corpus(IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string?>> referenceSets, bool lowerCase = false, BleuSmoothing smoothing = BleuSmoothing.Exponential)
    {
        if (hypotheses.Count == 0)
            throw new ArgumentException("BLEU is defined for one sentence or more; there are 0 hypotheses.", nameof(hypotheses));
        for (int set = 0; set < referenceSets.Count; set++)
        {
            if (referenceSets[set].Count != hypotheses.Count)
                throw new ArgumentException($"There are {hypotheses.Count} hypotheses and {referenceSets[set].Count} references in set {set}; the numbers must be equal.", nameof(referenceSets));
        }

        var statistics = new BleuStatistics();
        var referenceCounts = new HashSet<int>();
        for (int i = 0; i < hypotheses.Count; i++)
        {
            string[] references = [.. referenceSets.Select(set => set[i]).OfType<string>()];
            if (references.Length == 0)
                throw new ArgumentException($"Hypothesis {i} has 0 references; it needs at least 1.", nameof(referenceSets));
            _ = referenceCounts.Add(references.Length);
            Add(statistics, hypotheses[i], references, lowerCase);
        }

        string number = referenceCounts.Count == 1 ? $"{referenceCounts.Single()}" : "var";
        return Score(statistics, number, lowerCase, smoothing, effectiveOrder: false);
    }

    /// <summary>
    /// The BLEU of one sentence, with only the n-gram orders that the hypothesis is long enough for (effective order).
    /// </summary>
    /// <exception cref="ArgumentException">There are no references.</exception>
    public static BleuScore Sentence(string hypothesis, IReadOnlyList<string> references, bool lowerCase = false, BleuSmoothing smoothing = BleuSmoothing.Exponential)
    {
        if (references.Count == 0)
            throw new ArgumentException("The hypothesis has 0 references; it needs at least 1.", nameof(references));
        var statistics = new BleuStatistics();
        Add(statistics, hypothesis, references, lowerCase);
        return Score(statistics, $"{references.Count}", lowerCase, smoothing, effectiveOrder: true);
    }

    private static void Add(BleuStatistics statistics, string hypothesis, IReadOnlyList<string> references, bool lowerCase)
    {
        var numbers = new TokenNumbers();
        statistics.Add(Number(hypothesis), [.. references.Select(Number)]);

        int[] Number(string text) => numbers.Number(Tokenizer13a.Tokenize(lowerCase ? LowerCase.Convert(text) : text));
    }

    private static BleuScore Score(BleuStatistics statistics, string numberOfReferences, bool lowerCase, BleuSmoothing smoothing, bool effectiveOrder)
    {
        (long length, long referenceLength) = (statistics.HypothesisLength, statistics.ReferenceLength);
        double penalty = length >= referenceLength ? 1 : length == 0 ? 0 : Math.Exp(1 - ((double)referenceLength / length));
        double[] precisions = new double[NGram.MaximumOrder];
        double score = 0;

        // Smoothing would give credit to a corpus without a single match.
        if (statistics.Matches.ContainsAnyExcept(0))
        {
            int counted = FillPrecisions(statistics, smoothing, precisions);
            int order = effectiveOrder ? counted : NGram.MaximumOrder;
            score = penalty * Math.Exp(precisions.Take(order).Sum(Math.Log) / order);
        }

        string signature = $"nrefs:{numberOfReferences}|case:{(lowerCase ? "lc" : "mixed")}|eff:{(effectiveOrder ? "yes" : "no")}|tok:13a|smooth:{(smoothing == BleuSmoothing.None ? "none" : "exp")}|version:hlstm-{typeof(Bleu).Assembly.GetName().Version?.ToString(3)}";
        return new BleuScore(score, precisions, penalty, length, referenceLength, signature);
    }

    // Returns the number of orders that the hypotheses have n-grams of; the others keep precision 0.
    private static int FillPrecisions(BleuStatistics statistics, BleuSmoothing smoothing, double[] precisions)
    {
        double share = 1;
        for (int n = 0; n < precisions.Length; n++)
        {
            long total = statistics.Totals[n];
            if (total == 0)
                return n;
            if (statistics.Matches[n] > 0)
                precisions[n] = 100.0 * statistics.Matches[n] / total;
            else if (smoothing == BleuSmoothing.Exponential)
                precisions[n] = 100.0 * (share /= 2) / total;
        }

        return precisions.Length;
    }
}
