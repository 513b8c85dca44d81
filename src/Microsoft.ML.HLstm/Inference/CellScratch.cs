using Microsoft.ML.HLstm.Inference.Packing;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>Working memory of one cell step. Each thread needs its own; one may serve all cells it was made for.</summary>
internal sealed class CellScratch
{
    private readonly int _firstLayerRows, _hiddenRows, _gateRows, _operandRows;
    private AlignedArray<float> _first;
    private int _lanes;

    /// <summary>Makes room for every one of <paramref name="cells"/>; for more than one lane when they are first needed.</summary>
    public CellScratch(params ReadOnlySpan<HLstmCellScorer> cells)
    {
        foreach (HLstmCellScorer cell in cells)
        {
            _firstLayerRows = Math.Max(_firstLayerRows, cell.FirstLayerRows);
            _hiddenRows = Math.Max(_hiddenRows, cell.WidestHiddenLayer);
            _gateRows = Math.Max(_gateRows, CellWeights.Gates * cell.StateSize);
            _operandRows = Math.Max(_operandRows, cell.InputSize + cell.StateSize);
        }

        Reserve(1);
    }

    /// <summary>[x; h], what a first layer reads in one pass.</summary>
    public float[] Operand { get; private set; } = [];

    /// <summary>First hidden layer of all trunks, stacked.</summary>
    public Span<float> First => _first.Span;

    /// <summary>A further hidden layer of one trunk.</summary>
    public float[] Hidden { get; private set; } = [];

    /// <summary>The hidden layer after <see cref="Hidden"/>.</summary>
    public float[] NextHidden { get; private set; } = [];

    /// <summary>Gates i, f, g, o, H numbers each.</summary>
    public float[] Gates { get; private set; } = [];

    /// <summary>Makes room for so many lanes.</summary>
    public void Reserve(int lanes)
    {
        if (lanes <= _lanes)
            return;
        _lanes = lanes;
        Operand = new float[_operandRows * lanes];
        _first = new AlignedArray<float>(_firstLayerRows * lanes);
        Hidden = new float[_hiddenRows * lanes];
        NextHidden = new float[_hiddenRows * lanes];
        Gates = new float[_gateRows * lanes];
    }
}
