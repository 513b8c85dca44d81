namespace Microsoft.ML.HLstm.Featurizers;

/// <summary>One distinct piece of the training text while its symbols are being merged.</summary>
internal sealed class BytePairWord(int[] symbols, long count)
{
    private int _length = symbols.Length;

    /// <summary>How often the piece occurs.</summary>
    public long Count { get; } = count;

    /// <summary>The symbols it consists of now.</summary>
    public ReadOnlySpan<int> Symbols => symbols.AsSpan(0, _length);

    /// <summary>Applies known merges as encoding does: of those that the word has, the one learned first, again and again.</summary>
    /// <param name="ranks">The order in which the merges were learned.</param>
    /// <param name="join">The symbol that a merge makes.</param>
    public void MergeAll(IReadOnlyDictionary<(int Left, int Right), int> ranks, Func<(int Left, int Right), int> join)
    {
        while (Best() is { } pair)
            Merge(pair, join(pair));

        (int Left, int Right)? Best()
        {
            (int Left, int Right)? best = null;
            for (int i = 0, rank = int.MaxValue; i + 1 < _length; i++)
            {
                if (ranks.TryGetValue((symbols[i], symbols[i + 1]), out int found) && found < rank)
                    (best, rank) = ((symbols[i], symbols[i + 1]), found);
            }

            return best;
        }
    }

    /// <summary>Replaces every occurrence of the pair, from the left, by one symbol.</summary>
    public void Merge((int Left, int Right) pair, int joined)
    {
        int write = 0;
        for (int read = 0; read < _length; write++)
        {
            bool found = read + 1 < _length && symbols[read] == pair.Left && symbols[read + 1] == pair.Right;
            symbols[write] = found ? joined : symbols[read];
            read += found ? 2 : 1;
        }

        _length = write;
    }
}
