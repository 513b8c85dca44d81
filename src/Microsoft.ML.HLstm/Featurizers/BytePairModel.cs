namespace Microsoft.ML.HLstm.Featurizers;

/// <summary>
/// What byte-pair encoding has learned: the characters (code points) and, in order, which two symbols were merged.
/// Symbols are numbered: first the characters, then the results of the merges in the order they came to be. A model that
/// has been extended goes on in the same way: further characters, then the results of further merges.
/// </summary>
internal sealed class BytePairModel
{
    private readonly List<string> _symbols = [];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<(int Left, int Right)> _merges = [];
    private readonly HashSet<(int Left, int Right)> _known = [];

    private readonly List<BytePairGeneration> _generations = [new(0, 0, 0)];

    /// <summary>What was learned together; one, and another one for each time that the model was extended.</summary>
    public IReadOnlyList<BytePairGeneration> Generations => _generations;

    /// <summary>Every symbol's text.</summary>
    public IReadOnlyList<string> Symbols => _symbols;

    /// <summary>The merges in the order they apply.</summary>
    public IReadOnlyList<(int Left, int Right)> Merges => _merges;

    /// <summary>The merges of a generation.</summary>
    public IEnumerable<(int Left, int Right)> MergesOf(int generation)
    {
        int first = _generations[generation].FirstMerge, end = generation + 1 < _generations.Count ? _generations[generation + 1].FirstMerge : _merges.Count;
        return _merges[first..end];
    }

    /// <summary>Begins another generation.</summary>
    public void Extend() => _generations.Add(new BytePairGeneration(_symbols.Count, 0, _merges.Count));

    /// <summary>The same model once more.</summary>
    public BytePairModel Copy()
    {
        var copy = new BytePairModel();
        for (int i = 0; i < _generations.Count; i++)
        {
            if (i > 0)
                copy.Extend();
            foreach (string character in _symbols.Skip(_generations[i].FirstSymbol).Take(_generations[i].Characters))
                _ = copy.AddCharacter(character);
            foreach ((int left, int right) in MergesOf(i))
                _ = copy.AddMerge(left, right);
        }

        return copy;
    }

    /// <summary>Adds a character; all those of a generation come before its first merge.</summary>
    /// <returns>Whether it is new.</returns>
    public bool AddCharacter(string character)
    {
        if (!_numbers.TryAdd(character, _symbols.Count))
            return false;
        _symbols.Add(character);
        _generations[^1] = _generations[^1] with { Characters = _generations[^1].Characters + 1 };
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

    /// <summary>True when there is such a symbol.</summary>
    public bool Has(string symbol) => _numbers.ContainsKey(symbol);

    /// <summary>The number of a symbol that exists.</summary>
    public int NumberOf(string symbol) => _numbers[symbol];
}
