namespace Microsoft.ML.HLstm.Featurizers;

/// <summary>
/// Learns byte-pair merges (Sennrich et al. 2016, arXiv 1508.07909): again and again the most frequent pair of
/// neighbouring symbols becomes one symbol. Of equally frequent pairs the first in ordinal order wins, so the same
/// sentences give the same merges everywhere.
/// </summary>
internal sealed class BytePairLearner
{
    private readonly BytePairModel _model;
    private readonly List<BytePairWord> _words = [];
    private readonly Dictionary<(int Left, int Right), PairState> _pairs = [];
    private readonly PriorityQueue<(int Left, int Right), Rank> _queue = new(Comparer<Rank>.Create(Rank.Compare));
    private readonly long _minimumFrequency;
    private readonly int _firstNew;

    /// <summary>Learns another generation of a model, whose characters are there: only pairs with one of its symbols are merged.</summary>
    private BytePairLearner(BytePairModel model, IReadOnlyDictionary<string, long> pieces, long minimumFrequency)
    {
        (_model, _minimumFrequency, _firstNew) = (model, minimumFrequency, model.Generations[^1].FirstSymbol);
        Dictionary<(int Left, int Right), int> ranks = model.Merges.Index().ToDictionary(merge => merge.Item, merge => merge.Index);
        var touched = new HashSet<(int Left, int Right)>();
        foreach ((string piece, long count) in pieces.Where(entry => entry.Key.Length <= TextVocabulary.MaximumPieceLength))
        {
            string[] characters = [.. CodePoints(piece)];
            if (!characters.All(model.Has))
                continue;
            int[] symbols = Array.ConvertAll(characters, model.NumberOf);
            // Others consist of old symbols, between which nothing is merged.
            if (!symbols.Any(IsNew))
                continue;
            var word = new BytePairWord(symbols, count);
            word.MergeAll(ranks, pair => model.NumberOf(model.Symbols[pair.Left] + model.Symbols[pair.Right]));
            _words.Add(word);
            CountPairs(_words.Count - 1, count, touched);
        }

        Enqueue(touched);
    }

    /// <summary>Learns from pieces and how often each occurs.</summary>
    /// <param name="pieces">The pieces with their markers.</param>
    /// <param name="merges">The most merges.</param>
    /// <param name="minimumFrequency">Pairs rarer than this are not merged.</param>
    public static BytePairModel Learn(IReadOnlyDictionary<string, long> pieces, int merges, int minimumFrequency)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(merges);
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumFrequency, 1);
        var model = new BytePairModel();
        foreach (string character in pieces.Keys.SelectMany(CodePoints).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            _ = model.AddCharacter(character);
        new BytePairLearner(model, pieces, minimumFrequency).MergeUpTo(merges);
        return model;
    }

    /// <summary>
    /// Adds characters that a model does not have, the most frequent first, and merges with them. Texts without them are
    /// encoded as before. Null when nothing is new or there is no room.
    /// </summary>
    /// <param name="model">The model, which stays what it is.</param>
    /// <param name="pieces">The pieces with their markers, and how often each occurs.</param>
    /// <param name="symbols">The most symbols.</param>
    /// <param name="minimumFrequency">Pairs rarer than this are not merged.</param>
    public static BytePairModel? Extend(BytePairModel model, IReadOnlyDictionary<string, long> pieces, int symbols, int minimumFrequency)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumFrequency, 1);
        string[] characters = [.. pieces.SelectMany(entry => CodePoints(entry.Key).Select(character => (character, entry.Value)))
            .Where(entry => !model.Has(entry.character))
            .GroupBy(entry => entry.character, entry => entry.Value, StringComparer.Ordinal)
            .OrderByDescending(group => group.Sum())
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => group.Key)
            .Take(Math.Max(0, symbols - model.Symbols.Count))];
        if (characters.Length == 0)
            return null;
        BytePairModel extended = model.Copy();
        extended.Extend();
        foreach (string character in characters)
            _ = extended.AddCharacter(character);
        new BytePairLearner(extended, pieces, minimumFrequency).MergeUpTo(extended.Merges.Count + symbols - extended.Symbols.Count);
        return extended;
    }

    /// <summary>The code points of a text, each as a string.</summary>
    internal static IEnumerable<string> CodePoints(string text) => text.EnumerateRunes().Select(rune => rune.ToString());

    private bool IsNew(int symbol) => symbol >= _firstNew;

    private void MergeUpTo(int merges)
    {
        while (_model.Merges.Count < merges && TryMergeBest())
        {
        }
    }

    private bool TryMergeBest()
    {
        while (_queue.TryDequeue(out (int Left, int Right) pair, out Rank rank))
        {
            PairState state = _pairs[pair];
            if (rank.Count != state.Count)
                continue; // The count has changed since, and the pair was put into the queue again.

            // A pair can come back when a later merge makes one of its sides anew: encoding would apply the old merge.
            _ = _model.AddMerge(pair.Left, pair.Right);
            Merge(pair, state);
            return true;
        }

        return false;
    }

    private void Merge((int Left, int Right) pair, PairState state)
    {
        int joined = _model.NumberOf(_model.Symbols[pair.Left] + _model.Symbols[pair.Right]);
        var touched = new HashSet<(int Left, int Right)>();
        int[] words = [.. state.Words];
        foreach (int index in words)
        {
            BytePairWord word = _words[index];
            CountPairs(index, -word.Count, touched);
            word.Merge(pair, joined);
            CountPairs(index, word.Count, touched);
        }

        Enqueue(touched);
    }

    // Adds the pairs of one word to the counts, or with a negative count takes them away.
    private void CountPairs(int index, long count, HashSet<(int Left, int Right)> touched)
    {
        ReadOnlySpan<int> symbols = _words[index].Symbols;
        for (int i = 0; i + 1 < symbols.Length; i++)
        {
            (int Left, int Right) pair = (symbols[i], symbols[i + 1]);
            if (!_pairs.TryGetValue(pair, out PairState? state))
                _pairs.Add(pair, state = new PairState());
            state.Count += count;
            _ = count > 0 ? state.Words.Add(index) : state.Words.Remove(index);
            _ = touched.Add(pair);
        }
    }

    private void Enqueue(HashSet<(int Left, int Right)> touched)
    {
        foreach ((int Left, int Right) pair in touched)
        {
            PairState state = _pairs[pair];
            if (state.Count == state.Queued)
                continue;
            state.Queued = state.Count;
            (string left, string right) = (_model.Symbols[pair.Left], _model.Symbols[pair.Right]);
            if (state.Count >= _minimumFrequency && (IsNew(pair.Left) || IsNew(pair.Right)) && left.Length + right.Length <= TextVocabulary.MaximumPieceLength)
                _queue.Enqueue(pair, new Rank(state.Count, left, right));
        }
    }

    private sealed class PairState
    {
        public long Count { get; set; }

        public long Queued { get; set; }

        public HashSet<int> Words { get; } = [];
    }

    private readonly record struct Rank(long Count, string Left, string Right)
    {
        public static int Compare(Rank a, Rank b)
        {
            int order = b.Count.CompareTo(a.Count);
            if (order == 0)
                order = string.CompareOrdinal(a.Left, b.Left);
            return order != 0 ? order : string.CompareOrdinal(a.Right, b.Right);
        }
    }
}
