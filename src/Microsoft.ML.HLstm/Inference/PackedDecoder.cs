namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// A decoder packed for scoring: embedding, cells, attention where it has one, output projection. Never changes: one is shared
/// by all threads.
/// </summary>
internal sealed class PackedDecoder
{
    /// <summary>Packs the weights, whose shapes must fit each other.</summary>
    public PackedDecoder(WeightMatrix embedding, CellWeights[] cells, AttentionScorer? attention, bool inputFeeding, DenseLayer outputProjection)
    {
        (Embedding, Attention, InputFeeding) = (embedding, attention, inputFeeding);
        Cells = [.. cells.Select(cell => new HLstmCellScorer(cell))];
        OutputProjection = new PackedLayer(outputProjection);
        SideBySideFrom = Enumerable.Range(2, Lanes.Most - 1).FirstOrDefault(n => StepCost(Lanes.For(n)) < StepCostApart(n), int.MaxValue);
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
    public PackedLayer OutputProjection { get; }

    /// <summary>
    /// From so many hypotheses on, a step computes them side by side: from two where matrices are dense, later or never where
    /// single vectors have a layout that vectors side by side have not.
    /// </summary>
    public int SideBySideFrom { get; }

    /// <summary>Numbers of a hypothesis' state: h and c of each layer, then the attentional vector.</summary>
    public int StateSize => (2 * Cells.Sum(cell => cell.StateSize)) + (Attention?.OutputSize ?? 0);

    private double StepCost(int lanes) => Cells.Sum(cell => cell.Cost(lanes)) + OutputProjection.Cost(lanes);

    private double StepCostApart(int count) => Cells.Sum(cell => cell.CostApart(count)) + OutputProjection.CostApart(count);
}
