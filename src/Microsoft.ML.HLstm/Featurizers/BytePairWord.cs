namespace Microsoft.ML.HLstm.Featurizers;

/// <summary>One distinct piece of the training text while its symbols are being merged.</summary>
internal sealed class BytePairWord(int[] symbols, long count)
{
    private int _length = symbols.Length;

    /// <summary>How often the piece occurs.</summary>
    public long Count { get; } = count;

    /// <summary>The symbols it consists of now.</summary>
    public ReadOnlySpan<int> Symbols => symbols.AsSpan(0, _length);

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
