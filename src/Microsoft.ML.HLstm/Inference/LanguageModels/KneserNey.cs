namespace Microsoft.ML.HLstm.Inference.LanguageModels;

/// <summary>
/// Interpolated modified Kneser-Ney smoothing (S. Chen and J. Goodman, "An empirical study of smoothing techniques for language
/// modeling", Harvard TR-10-98, 1998, section 3). With the adjusted count <c>a</c>, which is the plain count for the highest
/// order and for n-grams that start a sentence, and else the number of different tokens seen before the n-gram:
/// <code>
/// p(w | h) = max(a(hw) - D(a(hw)), 0) / a(h·) + γ(h) p(w | h'),   γ(h) = (D1 N1(h·) + D2 N2(h·) + D3 N3+(h·)) / a(h·)
/// Y = n1 / (n1 + 2 n2),   D1 = 1 - 2 Y n2 / n1,   D2 = 2 - 3 Y n3 / n2,   D3+ = 3 - 4 Y n4 / n3
/// </code>
/// where n1 to n4 are how many n-grams of the order have an adjusted count of 1 to 4. Unigrams are interpolated with the uniform
/// distribution over the vocabulary with its unknown token, which so gets its probability.
/// </summary>
internal static class KneserNey
{
    /// <summary>What a sentence's begin has for a probability, base 10: it is never predicted.</summary>
    public const float Never = -99;

    // Where a small text has no n-grams of some count, the formulas have no value; KenLM (K. Heafield et al., ACL 2013) falls
    // back to the same numbers.
    private static readonly double[] _fallback = [0, 0.5, 1, 1.5];

    /// <summary>Estimates the model of counted n-grams.</summary>
    public static NGramTable Estimate(NGramCounts counts, int order)
    {
        (NGramTable tree, List<long> raw) = counts.Build(order);
        long[] adjusted = Adjusted(tree, raw, counts.Vocabulary.Begin);
        double[] probabilities = new double[tree.NodeCount];
        double[] backOffs = new double[tree.NodeCount];
        Array.Fill(backOffs, 1);
        probabilities[0] = 1.0 / (tree.Level(1).End - tree.Level(1).First - 1);
        for (int length = 1; length <= order; length++)
        {
            double[] discounts = Discounts(tree, adjusted, length);
            (int first, int end) = tree.Level(length - 1);
            for (int context = first; context < end; context++)
                Interpolate(tree, context, adjusted, discounts, probabilities, backOffs);
        }

        return Table(tree, counts.Vocabulary.Begin, probabilities, backOffs);
    }

    private static long[] Adjusted(NGramTable tree, List<long> raw, int begin)
    {
        long[] adjusted = new long[tree.NodeCount];
        bool[] starts = new bool[tree.NodeCount];
        for (int length = 1; length <= tree.Order; length++)
        {
            (int first, int end) = tree.Level(length - 1);
            for (int parent = first; parent < end; parent++)
            {
                (int child, int last) = tree.Children(parent);
                for (; child < last; child++)
                {
                    starts[child] = length == 1 ? tree.Token(child) == begin : starts[parent];
                    if (length == tree.Order || starts[child])
                        adjusted[child] = raw[child];
                    if (length > 1)
                        adjusted[tree.Suffix(child)]++;
                }
            }
        }

        // A begin is a context and never a prediction.
        adjusted[tree.Find(0, begin)] = 0;
        return adjusted;
    }

    private static double[] Discounts(NGramTable tree, long[] adjusted, int length)
    {
        double[] n = new double[5];
        (int first, int end) = tree.Level(length);
        for (int node = first; node < end; node++)
        {
            if (adjusted[node] is >= 1 and <= 4)
                n[adjusted[node]]++;
        }

        double y = n[1] / (n[1] + (2 * n[2]));
        double[] discounts = [0, 1 - (2 * y * n[2] / n[1]), 2 - (3 * y * n[3] / n[2]), 3 - (4 * y * n[4] / n[3])];
        // NaN fails the comparison, too.
        return Enumerable.Range(1, 3).All(k => discounts[k] > 0 && discounts[k] <= k) ? discounts : _fallback;
    }

    private static void Interpolate(NGramTable tree, int context, long[] adjusted, double[] discounts, double[] probabilities, double[] backOffs)
    {
        (int first, int end) = tree.Children(context);
        double total = 0, discounted = 0;
        for (int node = first; node < end; node++)
        {
            total += adjusted[node];
            discounted += discounts[Math.Min(adjusted[node], 3)];
        }

        // A context without continuations leaves everything to the shorter one.
        double backOff = total > 0 ? discounted / total : 1;
        backOffs[context] = backOff;
        for (int node = first; node < end; node++)
        {
            double own = total > 0 ? (adjusted[node] - discounts[Math.Min(adjusted[node], 3)]) / total : 0;
            double shorter = context == 0 ? probabilities[0] : probabilities[tree.Suffix(node)];
            probabilities[node] = own + (backOff * shorter);
        }
    }

    private static NGramTable Table(NGramTable tree, int begin, double[] probabilities, double[] backOffs)
    {
        var table = new NGramTable();
        for (int length = 1; length <= tree.Order; length++)
        {
            var entries = new List<NGramEntry>();
            (int first, int end) = tree.Level(length - 1);
            for (int parent = first; parent < end; parent++)
            {
                (int node, int last) = tree.Children(parent);
                for (; node < last; node++)
                {
                    float logProbability = length == 1 && tree.Token(node) == begin ? Never : (float)Math.Log10(probabilities[node]);
                    entries.Add(new NGramEntry(parent, tree.Token(node), logProbability, (float)Math.Log10(backOffs[node])));
                }
            }

            table.AppendLevel([.. entries]);
        }

        return table;
    }
}
