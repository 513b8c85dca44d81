namespace Microsoft.ML.HLstm.Inference.Ctc;

/// <summary>The prefixes of a search. A prefix that leaves the beam and comes back is the same node again.</summary>
internal sealed class CtcPrefixTree
{
    private CtcPrefix[] _prefixes = new CtcPrefix[1024];
    private int _count;

    /// <summary>A prefix.</summary>
    public ref CtcPrefix this[int node] => ref _prefixes[node];

    /// <summary>Forgets everything but the empty prefix, which is node 0.</summary>
    public void Reset(int separator, CtcState state)
    {
        _count = 0;
        _ = Make(-1, separator, 0, state);
    }

    /// <summary>The child of a prefix with a label, made if it is not there; what the objective adds is always the same for it.</summary>
    public int Child(int parent, int label, double bonus, CtcState state)
    {
        for (int child = _prefixes[parent].LastChild; child >= 0; child = _prefixes[child].PreviousSibling)
        {
            if (_prefixes[child].Label == label)
                return child;
        }

        int made = Make(parent, label, bonus, state);
        _prefixes[made].PreviousSibling = _prefixes[parent].LastChild;
        _prefixes[parent].LastChild = made;
        return made;
    }

    /// <summary>The labels of a prefix from the start.</summary>
    public int[] Labels(int node)
    {
        var labels = new List<int>();
        for (; node > 0; node = _prefixes[node].Parent)
            labels.Add(_prefixes[node].Label);
        labels.Reverse();
        return [.. labels];
    }

    private int Make(int parent, int label, double bonus, CtcState state)
    {
        if (_count == _prefixes.Length)
            Array.Resize(ref _prefixes, 2 * _count);
        _prefixes[_count] = new CtcPrefix { Parent = parent, Label = label, LastChild = -1, PreviousSibling = -1, Place = -1, Bonus = bonus, State = state };
        return _count++;
    }
}
