namespace Microsoft.ML.HLstm.Featurizers;

/// <summary>
/// What byte-pair encoding has learned: the characters (code points) and, in order, which two symbols were merged.
/// Symbols are numbered: first the characters, then the results of the merges in the order they came to be.
/// </summary>
internal sealed class BytePairModel
{
    private readonly List<string> _symbols = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<(int Left, int Right)> _merges = [];
    private readonly HashSet<(int Left, int Right)> _known = [];

    /// <summary>The number of characters, which are the first symbols.</summary>
    public int Characters { get; private set; }

    /// <summary>Every symbol's text.</summary>
    public IReadOnlyList<string> Symbols => _symbols;

    /// <summary>The merges in the order they apply.</summary>
    public IReadOnlyList<(int Left, int Right)> Merges => _merges;

    /// <summary>Adds a character; all of them come before the first merge.</summary>
    /// <returns>Whether it is new.</returns>
    public bool AddCharacter(string character)
    {
        if (!_numbers.TryAdd(character, _symbols.Count))
            return false;
        _symbols.Add(character);
        Characters++;
        return true;
    }

    /// <summary>Adds a merge of two symbols that exist.</summary>
    /// <returns>Whether it is new.</returns>
    public bool AddMerge(int left, int right)
    {
        if (!_known.Add((left, right)))
            return false;
        _merges.Add((left, right));
        string joined = _symbols[left] + _symbols[right];

        // Two merges can give the same text, as a+bc and ab+c do: that is one symbol.
        if (_numbers.TryAdd(joined, _symbols.Count))
            _symbols.Add(joined);
        return true;
    }

    /// <summary>The number of a symbol that exists.</summary>
    public int NumberOf(string symbol) => _numbers[symbol];
}
