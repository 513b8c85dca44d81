namespace Microsoft.ML.HLstm.Inference.Ctc;

/// <summary>A beginning of a transcript: a node of the tree of everything a search has kept.</summary>
internal struct CtcPrefix
{
    /// <summary>The prefix without the last label; -1 for the empty one.</summary>
    public int Parent;

    /// <summary>The last label; for the empty prefix the separator, because another one changes neither.</summary>
    public int Label;

    /// <summary>The child that was made last; -1 if there is none.</summary>
    public int LastChild;

    /// <summary>The child of the same parent that was made before; -1 if there is none.</summary>
    public int PreviousSibling;

    /// <summary>The place in the beam; -1 outside.</summary>
    public int Place;

    /// <summary>What the objective adds to the log-probability so far.</summary>
    public double Bonus;

    /// <summary>What its continuations depend on.</summary>
    public CtcState State;
}
