namespace Microsoft.ML.HLstm.Inference.Ctc;

/// <summary>The prefixes that a search keeps, best first, with the log-probabilities of all their paths so far.</summary>
internal sealed class CtcBeam
{
    /// <summary>The prefixes.</summary>
    public int[] Nodes { get; private set; } = [];

    /// <summary>Of the paths that end with a blank.</summary>
    public double[] Blank { get; private set; } = [];

    /// <summary>Of the paths that end with the last label.</summary>
    public double[] Label { get; private set; } = [];

    /// <summary>Of all paths.</summary>
    public double[] Total { get; private set; } = [];

    /// <summary>The number of prefixes.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets everything.</summary>
    /// <param name="capacity">How many prefixes there may be.</param>
    public void Clear(int capacity)
    {
        Count = 0;
        if (Nodes.Length < capacity)
            (Nodes, Blank, Label, Total) = (new int[capacity], new double[capacity], new double[capacity], new double[capacity]);
    }

    /// <summary>Appends a prefix.</summary>
    public void Add(int node, double blank, double label, double total) =>
        (Nodes[Count], Blank[Count], Label[Count], Total[Count++]) = (node, blank, label, total);
}
