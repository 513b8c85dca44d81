namespace Microsoft.ML.HLstm.Inference;

/// <summary>Working memory of one cell step. Each thread needs its own; one may serve all cells it is large enough for.</summary>
internal sealed class CellScratch
{
    /// <summary>Makes room for every one of <paramref name="cells"/>.</summary>
    public CellScratch(params ReadOnlySpan<HLstmCellScorer> cells)
    {
        foreach (HLstmCellScorer cell in cells)
        {
            First = Larger(First, cell.FirstLayerRows);
            Hidden = Larger(Hidden, cell.WidestHiddenLayer);
            NextHidden = Larger(NextHidden, cell.WidestHiddenLayer);
            Gates = Larger(Gates, CellWeights.Gates * cell.StateSize);
        }
    }

    /// <summary>First hidden layer of all trunks, stacked.</summary>
    public float[] First { get; } = [];

    /// <summary>A further hidden layer of one trunk.</summary>
    public float[] Hidden { get; } = [];

    /// <summary>The hidden layer after <see cref="Hidden"/>.</summary>
    public float[] NextHidden { get; } = [];

    /// <summary>Gates i, f, g, o, H numbers each.</summary>
    public float[] Gates { get; } = [];

    private static float[] Larger(float[] array, int length) => array.Length >= length ? array : new float[length];
}
