namespace Microsoft.ML.HLstm.Inference.LanguageModels;

/// <summary>
/// All n-grams of a model as one tree, level by level: node 0 is the empty context, its children the unigrams in the order of
/// their numbers, their children the bigrams, and so on. Children of a node stand together, sorted by token. Each node knows
/// the longest proper suffix of its n-gram that the tree has, so that backing off and going on cost no search for a context.
/// Immutable once built; logarithms are base 10, as in ARPA files, which keeps reading and writing them exact.
/// </summary>
internal sealed class NGramTable
{
    private static readonly double _ln10 = Math.Log(10);

    private readonly List<int> _levelStarts = [0, 1];
    private int[] _tokens = [-1];
    private float[] _logProbabilities = [0];
    private float[] _backOffs = [0];
    private int[] _suffixes = [-1];
    private int[] _firstChildren = [];

    /// <summary>The length of the longest n-grams.</summary>
    public int Order => _levelStarts.Count - 2;

    /// <summary>The number of nodes, the empty context included.</summary>
    public int NodeCount => _tokens.Length;

    /// <summary>The nodes of n-grams of a length, 0 to <see cref="Order"/>, as first and past the last.</summary>
    public (int First, int End) Level(int length) => (_levelStarts[length], _levelStarts[length + 1]);

    /// <summary>The last token of a node's n-gram.</summary>
    public int Token(int node) => _tokens[node];

    /// <summary>Log-probability of a node's last token after the others, base 10.</summary>
    public float LogProbability(int node) => _logProbabilities[node];

    /// <summary>Logarithm of a node's back-off weight, base 10; 0 at the highest order.</summary>
    public float BackOff(int node) => _backOffs[node];

    /// <summary>The longest proper suffix of a node's n-gram that the table has; -1 for the empty context.</summary>
    public int Suffix(int node) => _suffixes[node];

    /// <summary>The children of a node, as first and past the last.</summary>
    public (int First, int End) Children(int node) =>
        node + 1 < _firstChildren.Length ? (_firstChildren[node], _firstChildren[node + 1]) : (NodeCount, NodeCount);

    /// <summary>Appends the n-grams of the next length, which must be sorted, without doubles, and children of the last level.</summary>
    public void AppendLevel(ReadOnlySpan<NGramEntry> entries)
    {
        int start = NodeCount, previous = _levelStarts[^2];
        int end = checked(start + entries.Length);
        Array.Resize(ref _tokens, end);
        Array.Resize(ref _logProbabilities, end);
        Array.Resize(ref _backOffs, end);
        Array.Resize(ref _suffixes, end);
        Array.Resize(ref _firstChildren, start + 1);
        int node = start;
        for (int parent = previous; parent < start; parent++)
        {
            _firstChildren[parent] = node;
            for (; node < end && entries[node - start].Parent == parent; node++)
            {
                NGramEntry entry = entries[node - start];
                _tokens[node] = entry.Token;
                _logProbabilities[node] = entry.LogProbability;
                _backOffs[node] = entry.BackOff;
                _suffixes[node] = LongestSuffix(parent, entry.Token);
            }
        }

        if (node != end)
            throw new ArgumentException($"N-gram {node - start} of {entries.Length} is out of order.", nameof(entries));
        _firstChildren[start] = end;
        _levelStarts.Add(end);
    }

    /// <summary>The child of a node with a token; -1 if there is none.</summary>
    public int Find(int node, int token)
    {
        (int first, int end) = Children(node);
        if (node == 0)
            return token < end - first ? first + token : -1;
        int place = _tokens.AsSpan(first, end - first).BinarySearch(token);
        return place < 0 ? -1 : first + place;
    }

    /// <summary>The shortest context that predicts like a node: one with continuations or a back-off weight.</summary>
    public int Context(int node)
    {
        while (node > 0 && _backOffs[node] == 0 && IsChildless(node))
            node = _suffixes[node];
        return node;
    }

    /// <summary>The natural log-probability of a token after a context (Katz's back-off), and the context after the token.</summary>
    public double Score(int context, int token, out int next)
    {
        double logProbability = 0;
        int node = Find(context, token);
        while (node < 0)
        {
            logProbability += _backOffs[context];
            context = _suffixes[context];
            node = Find(context, token);
        }

        next = Context(node);
        return _ln10 * (logProbability + _logProbabilities[node]);
    }

    private bool IsChildless(int node)
    {
        (int first, int end) = Children(node);
        return first == end;
    }

    private int LongestSuffix(int parent, int token)
    {
        // Files may lack n-grams whose longer relatives they have.
        for (int context = _suffixes[parent]; context >= 0; context = _suffixes[context])
        {
            int node = Find(context, token);
            if (node >= 0)
                return node;
        }

        return 0;
    }
}
