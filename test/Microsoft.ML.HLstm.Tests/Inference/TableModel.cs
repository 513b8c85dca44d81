using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tests.Inference;

/// <summary>A model whose next token depends on everything so far, through a function of the prefix.</summary>
internal sealed class TableModel(int vocabularySize, Func<int[], float[]> logProbabilities) : IStepModel
{
    private int[][] _prefixes = [];

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

    public void Begin(int beamWidth) => _prefixes = [[]];

    public void Step(ReadOnlySpan<int> parents, ReadOnlySpan<int> tokens, Span<float> logProbabilities, Span<int> attended)
    {
        Steps++;
        var next = new int[parents.Length][];
        for (int index = 0; index < next.Length; index++)
        {
            int[] prefix = _prefixes[parents[index]];
            next[index] = tokens[index] == SpecialTokens.Begin ? prefix : [.. prefix, tokens[index]];
            Next(next[index]).CopyTo(logProbabilities[(index * VocabularySize)..]);
            attended[index] = next[index].Length;
        }

        _prefixes = next;
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
