namespace Microsoft.ML.HLstm.Tests.Inference.LanguageModels;

/// <summary>Interpolated modified Kneser-Ney straight from its definition, with n-grams as text.</summary>
internal sealed class NaiveKneserNey
{
    private readonly int _order;
    private readonly Dictionary<string, int>[] _counts;
    private readonly double[][] _discounts;

    public NaiveKneserNey(IEnumerable<string> sentences, int order)
    {
        _order = order;
        _counts = [.. Enumerable.Range(0, order + 1).Select(_ => new Dictionary<string, int>())];
        foreach (string sentence in sentences)
        {
            string[] tokens = ["<s>", .. sentence.Split(' '), "</s>"];
            for (int n = 1; n <= order; n++)
            {
                for (int i = 0; i + n <= tokens.Length; i++)
                {
                    string ngram = string.Join(' ', tokens[i..(i + n)]);
                    _counts[n][ngram] = _counts[n].GetValueOrDefault(ngram) + 1;
                }
            }
        }

        Vocabulary = [.. _counts[1].Keys.Where(token => token != "<s>"), "<unk>"];
        for (int n = 1; n < order; n++)
        {
            foreach (string ngram in _counts[n].Keys.Where(ngram => !ngram.StartsWith("<s>", StringComparison.Ordinal)).ToArray())
                _counts[n][ngram] = _counts[n + 1].Keys.Count(longer => longer.EndsWith(" " + ngram, StringComparison.Ordinal));
        }

        _ = _counts[1].Remove("<s>");
        _discounts = [.. _counts.Select(Discounts)];
    }

    /// <summary>Everything that can follow.</summary>
    public string[] Vocabulary { get; }

    public double[] DiscountsOf(int n) => _discounts[n];

    /// <summary>The probability of a token after a history of at most order - 1 tokens.</summary>
    public double Probability(string token, string[] history)
    {
        if (history.Length > _order - 1)
            history = history[^(_order - 1)..];
        double shorter = history.Length == 0 ? 1.0 / Vocabulary.Length : Probability(token, history[1..]);
        int n = history.Length + 1;
        string prefix = string.Concat(history.Select(word => word + " "));
        int[] following = [.. Vocabulary.Select(word => _counts[n].GetValueOrDefault(prefix + word)).Where(count => count > 0)];
        if (following.Length == 0)
            return shorter;
        int own = _counts[n].GetValueOrDefault(prefix + token);
        double total = following.Sum();
        double left = following.Sum(count => _discounts[n][Math.Min(count, 3)]) / total;
        return ((own - _discounts[n][Math.Min(own, 3)]) / total) + (left * shorter);
    }

    private static double[] Discounts(Dictionary<string, int> counts)
    {
        double[] n = [.. Enumerable.Range(0, 5).Select(k => (double)counts.Values.Count(count => count == k))];
        if (n[1] == 0 || n[2] == 0 || n[3] == 0)
            return [0, 0.5, 1, 1.5];
        double y = n[1] / (n[1] + (2 * n[2]));
        double[] discounts = [0, .. Enumerable.Range(1, 3).Select(k => k - ((k + 1) * y * n[k + 1] / n[k]))];
        return discounts.Skip(1).All(discount => discount > 0) ? discounts : [0, 0.5, 1, 1.5];
    }
}
