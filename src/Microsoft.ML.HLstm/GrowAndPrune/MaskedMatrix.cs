namespace Microsoft.ML.HLstm.GrowAndPrune;

/// <summary>
/// Which connections of a weight matrix exist. Dormant connections are exactly zero in the weights; the mask lives here,
/// not in the network, so that gradients reach dormant connections too.
/// </summary>
internal sealed class MaskedMatrix
{
    /// <summary>A matrix with every connection active: blocks of (rows, columns), one after the other.</summary>
    public MaskedMatrix(string name, int blocks, int rows, int columns, SparsityPattern pattern = SparsityPattern.Unstructured)
    {
        (Name, Blocks, Rows, Columns, Pattern) = (name, blocks, rows, columns, pattern);
        Layout = new PatternLayout(pattern, blocks, rows, columns);
        Mask = new float[checked(blocks * rows * columns)];
        Mask.AsSpan().Fill(1);
        ActiveCount = Mask.Length;
    }

    /// <summary>Name of the matrix.</summary>
    public string Name { get; }

    /// <summary>Independent matrices that are kept in one, such as one for each gate.</summary>
    public int Blocks { get; }

    /// <summary>Output units of a block.</summary>
    public int Rows { get; }

    /// <summary>Input units of a block.</summary>
    public int Columns { get; }

    /// <summary>Where active connections may lie.</summary>
    public SparsityPattern Pattern { get; private set; }

    /// <summary>How the pattern divides the matrix.</summary>
    public PatternLayout Layout { get; private set; }

    /// <summary>1 for an active connection, 0 for a dormant one; row-major.</summary>
    public float[] Mask { get; }

    /// <summary>All connections, active and dormant.</summary>
    public int Count => Mask.Length;

    /// <summary>Active connections.</summary>
    public int ActiveCount { get; private set; }

    /// <summary>Active cells of the first group, and in proportion of every other.</summary>
    public int Level => ActiveCells(0);

    /// <summary>Changes whenever the mask does.</summary>
    public int Version { get; private set; }

    /// <summary>Activates a dormant connection; true when it was dormant.</summary>
    public bool Activate(int connection) => Set(connection, 1, +1);

    /// <summary>Makes an active connection dormant; true when it was active.</summary>
    public bool Deactivate(int connection) => Set(connection, 0, -1);

    /// <summary>True when the connections of a cell are active.</summary>
    public bool IsActive(int cell) => Mask[Layout.Cell(cell).First] != 0;

    /// <summary>Active cells of a group.</summary>
    public int ActiveCells(int group)
    {
        (int first, int count) = Layout.Group(group);
        int active = 0;
        for (int cell = first; cell < first + count; cell++)
            active += IsActive(cell) ? 1 : 0;
        return active;
    }

    /// <summary>Activates the connections of a cell, or makes them dormant.</summary>
    public void SetCell(int cell, bool active)
    {
        (int first, int count) = Layout.Cell(cell);
        for (int i = 0; i < count; i++)
            Set(first + i * Columns, active ? 1 : 0, active ? +1 : -1);
    }

    /// <summary>The same mask once more.</summary>
    public MaskedMatrix Copy()
    {
        var copy = new MaskedMatrix(Name, Blocks, Rows, Columns, Pattern) { ActiveCount = ActiveCount };
        Mask.CopyTo(copy.Mask, 0);
        return copy;
    }

    /// <summary>Changes to another pattern, which activates the connections that it has to have beside those there are.</summary>
    public void Take(SparsityPattern pattern)
    {
        (Pattern, Layout) = (pattern, new PatternLayout(pattern, Blocks, Rows, Columns));
        Completion.Complete(this);
    }

    /// <summary>Takes over a mask of the same length, and its pattern.</summary>
    public void Restore(ReadOnlySpan<bool> active, SparsityPattern pattern)
    {
        if (pattern != Pattern)
            (Pattern, Layout) = (pattern, new PatternLayout(pattern, Blocks, Rows, Columns));
        Version++;
        ActiveCount = active.Count(true);
        for (int i = 0; i < Mask.Length; i++)
            Mask[i] = active[i] ? 1 : 0;
    }

    private bool Set(int connection, float value, int change)
    {
        if (Mask[connection] == value)
            return false;
        Version++;
        Mask[connection] = value;
        ActiveCount += change;
        return true;
    }
}
