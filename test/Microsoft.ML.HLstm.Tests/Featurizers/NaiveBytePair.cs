namespace Microsoft.ML.HLstm.Featurizers;

/// <summary>Byte-pair encoding as its definition reads, without any cleverness: what the package is compared with.</summary>
internal static class NaiveBytePair
{
    /// <summary>Applies to a piece the earliest merge that fits, again and again.</summary>
    public static List<string> Segment(string piece, BytePairModel model)
    {
        List<(string Left, string Right)> merges = [.. model.Merges.Select(merge => (model.Symbols[merge.Left], model.Symbols[merge.Right]))];
        var ranks = new Dictionary<(string, string), int>();
        foreach ((string Left, string Right) merge in merges)
            ranks.Add(merge, ranks.Count);
        List<string> symbols = [.. BytePairLearner.CodePoints(piece)];
        while (true)
        {
            int best = int.MaxValue;
            for (int i = 0; i + 1 < symbols.Count; i++)
                best = Math.Min(best, ranks.GetValueOrDefault((symbols[i], symbols[i + 1]), int.MaxValue));
            if (best == int.MaxValue)
                return symbols;
            symbols = Merge(symbols, merges[best]);
        }
    }

    /// <summary>Counts all pairs anew for each merge.</summary>
    public static List<(string Left, string Right)> Learn(Dictionary<string, long> pieces, int merges, int minimumFrequency)
    {
        List<(List<string> Symbols, long Count)> words = [.. pieces.Select(p => (BytePairLearner.CodePoints(p.Key).ToList(), p.Value))];
        var learned = new List<(string Left, string Right)>();
        while (learned.Count < merges)
        {
            var counts = new Dictionary<(string Left, string Right), long>();
            foreach ((List<string> symbols, long count) in words)
            {
                for (int i = 0; i + 1 < symbols.Count; i++)
                    counts[(symbols[i], symbols[i + 1])] = counts.GetValueOrDefault((symbols[i], symbols[i + 1])) + count;
            }

            var best = counts.Where(c => c.Value >= minimumFrequency).OrderByDescending(c => c.Value)
                .ThenBy(c => c.Key.Left, StringComparer.Ordinal).ThenBy(c => c.Key.Right, StringComparer.Ordinal).Take(1).ToList();
            if (best.Count == 0)
                break;
            if (!learned.Contains(best[0].Key))
                learned.Add(best[0].Key);
            words = [.. words.Select(w => (Merge(w.Symbols, best[0].Key), w.Count))];
        }

        return learned;
    }

    private static List<string> Merge(List<string> symbols, (string Left, string Right) pair)
    {
        var merged = new List<string>();
        for (int i = 0; i < symbols.Count; i++)
        {
            bool found = i + 1 < symbols.Count && symbols[i] == pair.Left && symbols[i + 1] == pair.Right;
            merged.Add(found ? symbols[i] + symbols[++i] : symbols[i]);
        }

        return merged;
    }
}
