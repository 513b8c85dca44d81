using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tests.Inference;

/// <summary>A model whose next token depends on everything so far, through a function of the prefix.</summary>
internal sealed class TableModel(int vocabularySize, Func<int[], float[]> logProbabilities) : IStepModel
{
    private int[][] _prefixes = [];
    private int _read;

    public int VocabularySize => vocabularySize;

    public int Steps { get; private set; }

    /// <summary>Random distributions, the same for the same prefix.</summary>
    public static TableModel Random(int vocabularySize, int seed, double sharpness = 3) => new(vocabularySize, prefix =>
    {
        var random = new Random(prefix.Aggregate(seed, (hash, token) => unchecked(hash * 31 + token + 1)));
        double[] scores = [.. Enumerable.Range(0, vocabularySize).Select(_ => random.NextDouble() * sharpness)];
        double sum = Math.Log(scores.Sum(Math.Exp));
        return [.. scores.Select(score => (float)(score - sum))];
    });

    public int Sources { get; init; } = 1;

    /// <summary>Lanes of the scores that a step gives: 1, 8 or a multiple of 16.</summary>
    public int LanesOfBlock { get; init; } = 1;

    public void Begin(int hypotheses) => _prefixes = [.. Enumerable.Range(0, Sources).Select(source => source == 0 ? (int[])[] : [-source])];

    public void Step(ReadOnlySpan<int> parents, ReadOnlySpan<int> tokens)
    {
        Steps++;
        _read = 0;
        var next = new int[parents.Length][];
        for (int index = 0; index < next.Length; index++)
        {
            int[] prefix = _prefixes[parents[index]];
            next[index] = tokens[index] == SpecialTokens.Begin ? prefix : [.. prefix, tokens[index]];
        }

        _prefixes = next;
    }

    public bool TryReadScores(out StepScores scores)
    {
        scores = default;
        int count = Math.Min(LanesOfBlock, _prefixes.Length - _read);
        if (count == 0)
            return false;
        // What lies in the further lanes must not matter.
        float[] all = [.. Enumerable.Repeat(1e9f, VocabularySize * LanesOfBlock)];
        for (int lane = 0; lane < count; lane++)
            Lanes.Put(Next(_prefixes[_read + lane]), all, LanesOfBlock, lane);
        scores = new StepScores
        {
            First = _read,
            Count = count,
            Lanes = LanesOfBlock,
            Scores = all,
            Normalizers = new float[count],
            Attended = (int[])[.. _prefixes.Skip(_read).Take(count).Select(prefix => prefix.Count(token => token >= 0))],
        };
        _read += count;
        return true;
    }

    public float[] Next(int[] prefix) => logProbabilities(prefix);

    /// <summary>Every sequence of at most <paramref name="maximumLength"/> of the allowed tokens, with its log-probability.</summary>
    public IEnumerable<(int[] Tokens, double LogProbability)> All(int maximumLength, int[] allowed, int[]? prefix = null, double sum = 0)
    {
        prefix ??= [];
        float[] next = Next(prefix);
        yield return (prefix, sum + next[SpecialTokens.End]);
        if (prefix.Length == maximumLength)
            yield break;
        foreach (int token in allowed)
        {
            foreach ((int[] Tokens, double LogProbability) sequence in All(maximumLength, allowed, [.. prefix, token], sum + next[token]))
                yield return sequence;
        }
    }
}
