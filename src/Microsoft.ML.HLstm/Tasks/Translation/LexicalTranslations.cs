namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>
/// How probable it is that a source token is translated by a target token: model 1 of P. F. Brown et al., "The mathematics of statistical
/// machine translation", Computational Linguistics 19 (2), 1993. The end token of a source takes the part of the paper's empty word.
/// </summary>
internal sealed class LexicalTranslations
{
    /// <summary>
    /// Pairs of a source and a target token, in one sentence, that are learned from at most: some seconds. Of larger data every n-th
    /// sentence is read.
    /// </summary>
    private const long MostCells = 20_000_000;

    private readonly int[] _starts;
    private readonly int[] _targets;
    private readonly float[] _probabilities;

    private LexicalTranslations(int[] starts, int[] targets) =>
        (_starts, _targets, _probabilities) = (starts, targets, new float[targets.Length]);

    /// <summary>Learns from translated sentences by expectation maximisation.</summary>
    /// <param name="pairs">The sentences.</param>
    /// <param name="sourceVocabulary">Source tokens are below this.</param>
    /// <param name="targetVocabulary">Target tokens are below this.</param>
    /// <param name="rounds">Of expectation and maximisation.</param>
    public static LexicalTranslations Learn(IReadOnlyList<SentencePair> pairs, int sourceVocabulary, int targetVocabulary, int rounds = 5)
    {
        long cells = pairs.Sum(pair => (long)pair.Source.Length * pair.Target.Length);
        int every = (int)((cells + MostCells - 1) / MostCells);
        SentencePair[] read = every <= 1 ? [.. pairs] : [.. pairs.Where((_, i) => i % every == 0)];
        var lexicon = new LexicalTranslations(Together(read, sourceVocabulary, targetVocabulary, out int[] targets), targets);
        // All equally probable; expectations do not depend on the sum.
        lexicon._probabilities.AsSpan().Fill(1);
        for (int round = 0; round < rounds; round++)
            lexicon.Maximize(read);
        return lexicon;
    }

    /// <summary>The probability that a source token is translated by a target token; 0 for two that never met.</summary>
    public float Probability(int source, int target) =>
        Row(source, out ReadOnlySpan<int> targets) is var row && targets.BinarySearch(target) is var at && at >= 0 ? row[at] : 0;

    /// <summary>The most probable translations of a source token, best first; among equals the lower id.</summary>
    public int[] Best(int source, int count)
    {
        Span<float> row = Row(source, out ReadOnlySpan<int> targets);
        int[] order = targets.ToArray();
        float[] keys = row.ToArray();
        for (int i = 0; i < keys.Length; i++)
            keys[i] = -keys[i];
        // A stable order: ids ascend where keys are equal.
        return [.. order.Zip(keys).OrderBy(entry => entry.Second).Take(count).Select(entry => entry.First)];
    }

    /// <summary>For every source token the target tokens that it occurs with, ascending.</summary>
    private static int[] Together(SentencePair[] pairs, int sourceVocabulary, int targetVocabulary, out int[] targets)
    {
        var sentences = new List<int>[sourceVocabulary];
        for (int i = 0; i < pairs.Length; i++)
        {
            foreach (int token in pairs[i].Source)
            {
                List<int> own = sentences[token] ??= [];
                if (own.Count == 0 || own[^1] != i)
                    own.Add(i);
            }
        }

        int[] starts = new int[sourceVocabulary + 1], seen = new int[targetVocabulary];
        var all = new List<int>();
        for (int source = 0; source < sourceVocabulary; source++)
        {
            foreach (int sentence in sentences[source] ?? [])
            {
                foreach (int target in pairs[sentence].Target)
                {
                    if (seen[target] == source + 1)
                        continue;
                    seen[target] = source + 1;
                    all.Add(target);
                }
            }

            all.Sort(starts[source], all.Count - starts[source], null);
            starts[source + 1] = all.Count;
        }

        targets = [.. all];
        return starts;
    }

    private void Maximize(SentencePair[] pairs)
    {
        float[] counts = new float[_probabilities.Length];
        int[] cells = new int[pairs.Max(pair => pair.Source.Length)];
        foreach (SentencePair pair in pairs)
        {
            foreach (int target in pair.Target)
            {
                float sum = 0;
                for (int i = 0; i < pair.Source.Length; i++)
                {
                    int start = _starts[pair.Source[i]];
                    cells[i] = start + _targets.AsSpan(start, _starts[pair.Source[i] + 1] - start).BinarySearch(target);
                    sum += _probabilities[cells[i]];
                }

                for (int i = 0; i < pair.Source.Length; i++)
                    counts[cells[i]] += _probabilities[cells[i]] / sum;
            }
        }

        counts.CopyTo(_probabilities, 0);
        for (int source = 0; source + 1 < _starts.Length; source++)
        {
            Span<float> row = Row(source, out _);
            double sum = 0;
            foreach (float value in row)
                sum += value;
            for (int i = 0; i < row.Length; i++)
                row[i] = (float)(row[i] / sum);
        }
    }

    private Span<float> Row(int source, out ReadOnlySpan<int> targets)
    {
        int start = _starts[source], length = _starts[source + 1] - start;
        targets = _targets.AsSpan(start, length);
        return _probabilities.AsSpan(start, length);
    }
}
