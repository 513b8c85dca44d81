namespace Microsoft.ML.HLstm.Featurizers;

/// <summary>
/// Learns byte-pair merges (Sennrich et al. 2016, arXiv 1508.07909): again and again the most frequent pair of
/// neighbouring symbols becomes one symbol. Of equally frequent pairs the first in ordinal order wins, so the same
/// sentences give the same merges everywhere.
/// </summary>
internal sealed class BytePairLearner
{
    private readonly BytePairModel _model = new();
    private readonly List<BytePairWord> _words = [];
    private readonly Dictionary<(int Left, int Right), PairState> _pairs = [];
    private readonly PriorityQueue<(int Left, int Right), Rank> _queue = new(Comparer<Rank>.Create(Rank.Compare));
    private readonly long _minimumFrequency;

    private BytePairLearner(IReadOnlyDictionary<string, long> pieces, long minimumFrequency)
    {
        _minimumFrequency = minimumFrequency;
        IEnumerable<string> characters = pieces.Keys.SelectMany(CodePoints).Distinct(StringComparer.Ordinal);
        foreach (string character in characters.Order(StringComparer.Ordinal))
            _ = _model.AddCharacter(character);

        var touched = new HashSet<(int Left, int Right)>();
        foreach ((string piece, long count) in pieces.Where(entry => entry.Key.Length <= TextVocabulary.MaximumPieceLength))
        {
            _words.Add(new BytePairWord([.. CodePoints(piece).Select(_model.NumberOf)], count));
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
        var learner = new BytePairLearner(pieces, minimumFrequency);
        while (learner._model.Merges.Count < merges && learner.TryMergeBest())
        {
        }

        return learner._model;
    }

    /// <summary>The code points of a text, each as a string.</summary>
    internal static IEnumerable<string> CodePoints(string text) => text.EnumerateRunes().Select(rune => rune.ToString());

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
            if (state.Count >= _minimumFrequency && left.Length + right.Length <= TextVocabulary.MaximumPieceLength)
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
