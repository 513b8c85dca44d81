namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// All hypotheses of a search as the nodes of a tree: each has its last token, and through its parent all before it. The nodes
/// are used again by the next search.
/// </summary>
internal sealed class BeamTree
{
    /// <summary>The hypothesis of no tokens.</summary>
    public const int Root = -1;

    private Node[] _nodes = new Node[256];
    private int _count;

    /// <summary>Forgets all nodes.</summary>
    public void Clear() => _count = 0;

    /// <summary>Makes a hypothesis one token longer.</summary>
    /// <param name="parent">The node that is continued, or <see cref="Root"/>.</param>
    /// <param name="token">Token id.</param>
    /// <param name="attended">Source position that the token attended to.</param>
    public int Add(int parent, int token, int attended)
    {
        if (_count == _nodes.Length)
            Array.Resize(ref _nodes, 2 * _count);
        _nodes[_count] = new Node(parent, token, attended);
        return _count++;
    }

    /// <summary>The result when the end token of log-probability <paramref name="logProbability"/> in total follows.</summary>
    public BeamHypothesis End(int node, int length, double logProbability, BeamSearchOptions options)
    {
        int[] tokens = new int[length];
        int[] attended = new int[length];
        for (int index = length - 1; index >= 0; index--, node = _nodes[node].Parent)
            (tokens[index], attended[index]) = (_nodes[node].Token, _nodes[node].Attended);
        return new BeamHypothesis(tokens, attended, logProbability, logProbability / options.LengthPenalty(length + 1));
    }

    /// <summary>Gives minus infinity to every token that would complete <paramref name="size"/> tokens already there in a row.</summary>
    public void BanRepeats(int last, int length, int size, in StepScores scores, int lane)
    {
        // The new token's n-1 predecessors are compared with those of each token before, walking back in step.
        for (int node = last; length >= size; node = _nodes[node].Parent, length--)
        {
            int recent = last;
            int earlier = _nodes[node].Parent;
            int same = 0;
            for (; same < size - 1 && _nodes[recent].Token == _nodes[earlier].Token; same++)
            {
                recent = _nodes[recent].Parent;
                earlier = _nodes[earlier].Parent;
            }

            if (same == size - 1)
                scores.Ban(lane, _nodes[node].Token);
        }
    }

    private readonly record struct Node(int Parent, int Token, int Attended);
}
