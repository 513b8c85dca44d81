namespace Microsoft.ML.HLstm.GrowAndPrune;

/// <summary>
/// Which connections of a weight matrix exist. Dormant connections are exactly zero in the weights; the mask lives here,
/// not in the network, so that gradients reach dormant connections too.
/// </summary>
internal sealed class MaskedMatrix
{
    /// <summary>A matrix with every connection active: blocks of (rows, columns), one after the other.</summary>
    public MaskedMatrix(string name, int blocks, int rows, int columns)
    {
        (Name, Blocks, Rows, Columns) = (name, blocks, rows, columns);
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

    /// <summary>1 for an active connection, 0 for a dormant one; row-major.</summary>
    public float[] Mask { get; }

    /// <summary>All connections, active and dormant.</summary>
    public int Count => Mask.Length;

    /// <summary>Active connections.</summary>
    public int ActiveCount { get; private set; }

    /// <summary>Changes whenever the mask does.</summary>
    public int Version { get; private set; }

    /// <summary>Activates a dormant connection; true when it was dormant.</summary>
    public bool Activate(int connection) => Set(connection, 1, +1);

    /// <summary>Makes an active connection dormant; true when it was active.</summary>
    public bool Deactivate(int connection) => Set(connection, 0, -1);

    /// <summary>Takes over a mask of the same length.</summary>
    public void Restore(ReadOnlySpan<bool> active)
    {
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
