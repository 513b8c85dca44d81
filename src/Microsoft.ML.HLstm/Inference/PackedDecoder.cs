using Microsoft.ML.HLstm.Inference.Packing;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// A decoder packed for scoring: embedding, cells, attention where it has one, output projection. Never changes: one is shared
/// by all threads.
/// </summary>
internal sealed class PackedDecoder
{
    private readonly Lazy<PackedLayer> _projection;
    private readonly Lazy<ChosenRows> _chosen;
    private readonly Lazy<int> _sideBySideFrom;

    /// <summary>Packs the weights, whose shapes must fit each other.</summary>
    /// <param name="embedding">[vocabulary, E].</param>
    /// <param name="cells">One a layer.</param>
    /// <param name="attention">The attention, or null.</param>
    /// <param name="inputFeeding">True where the first layer reads [embedding; previous attentional vector].</param>
    /// <param name="outputProjection">To a score for each token.</param>
    /// <param name="shortlisted">True where some tokens are scored only: the whole projection is then packed when it is asked for.</param>
    public PackedDecoder(WeightMatrix embedding, CellWeights[] cells, AttentionScorer? attention, bool inputFeeding, DenseLayer outputProjection, bool shortlisted = false)
    {
        (Embedding, Attention, InputFeeding) = (embedding, attention, inputFeeding);
        Cells = [.. cells.Select(cell => new HLstmCellScorer(cell))];
        _projection = new Lazy<PackedLayer>(() => new PackedLayer(outputProjection));
        _chosen = new Lazy<ChosenRows>(() => new ChosenRows(outputProjection));
        _sideBySideFrom = new Lazy<int>(() => Enumerable.Range(2, Lanes.Most - 1).FirstOrDefault(n => StepCost(Lanes.For(n)) < StepCostApart(n), int.MaxValue));
        if (shortlisted)
            _ = ShortlistedProjection;
        else
            _ = SideBySideFrom;
    }

    /// <summary>[vocabulary, E]: looked up as it is.</summary>
    public WeightMatrix Embedding { get; }

    /// <summary>Cells, one a layer.</summary>
    public HLstmCellScorer[] Cells { get; }

    /// <summary>The attention, or null.</summary>
    public AttentionScorer? Attention { get; }

    /// <summary>True where the first layer reads [embedding; previous attentional vector].</summary>
    public bool InputFeeding { get; }

    /// <summary>From the attentional vector, or from the top state where there is no attention, to a score for each token.</summary>
    public PackedLayer OutputProjection => _projection.Value;

    /// <summary>The same for some tokens only.</summary>
    public ChosenRows ShortlistedProjection => _chosen.Value;

    /// <summary>
    /// From so many hypotheses on, a step computes them side by side: from two where matrices are dense, later or never where
    /// single vectors have a layout that vectors side by side have not.
    /// </summary>
    public int SideBySideFrom => _sideBySideFrom.Value;

    /// <summary>Numbers of a hypothesis' state: h and c of each layer, then the attentional vector.</summary>
    public int StateSize => (2 * Cells.Sum(cell => cell.StateSize)) + (Attention?.OutputSize ?? 0);

    private double StepCost(int lanes) => Cells.Sum(cell => cell.Cost(lanes)) + OutputProjection.Cost(lanes);

    private double StepCostApart(int count) => Cells.Sum(cell => cell.CostApart(count)) + OutputProjection.CostApart(count);
}
