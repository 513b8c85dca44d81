namespace Microsoft.ML.HLstm.Inference.Ctc;

/// <summary>Words as a tree of labels; node 0 is where a word starts. Immutable once built.</summary>
internal sealed class CtcLexicon
{
    private readonly Dictionary<(int Node, int Label), int> _children = [];
    private readonly List<int> _words = [-1];

    /// <summary>The number of different words.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a word.</summary>
    /// <param name="labels">Its labels.</param>
    /// <param name="word">Its number, 0 or more.</param>
    public void Add(ReadOnlySpan<int> labels, int word)
    {
        int node = 0;
        foreach (int label in labels)
        {
            if (!_children.TryGetValue((node, label), out int child))
            {
                child = _words.Count;
                _words.Add(-1);
                _children.Add((node, label), child);
            }

            node = child;
        }

        if (_words[node] < 0)
            Count++;
        _words[node] = word;
    }

    /// <summary>The node after one more label; -1 if no word begins so.</summary>
    public int Find(int node, int label) => _children.GetValueOrDefault((node, label), -1);

    /// <summary>The number of the word that is complete at a node; -1 if none is.</summary>
    public int Word(int node) => _words[node];
}
