namespace Microsoft.ML.HLstm;

/// <summary>
/// Where the active connections of a masked matrix may lie. At equal density a regular pattern is multiplied faster and
/// holds less of what a network knows. Embeddings that are only looked up row by row are always unstructured.
/// </summary>
public enum SparsityPattern
{
    /// <summary>Anywhere (arXiv 1805.11797).</summary>
    Unstructured,

    /// <summary>
    /// 16 consecutive rows of a column are all active or all dormant. Rows are counted from the first of each matrix that
    /// scoring multiplies: a gate's output layer, or the first layers of all gates, one below the other. A matrix whose rows 16
    /// does not divide ends in lower blocks. Blocks grow and are pruned by the sum over their connections.
    /// </summary>
    Blocks16x1,

    /// <summary>
    /// Every row has the same number of active connections, at least 1, in each 32 consecutive columns, and proportionally
    /// many, rounded, in the columns that are left over at the end. Densities are multiples of 1/32: pruning stops at the
    /// one at or above its target.
    /// </summary>
    Balanced32,

    /// <summary>
    /// The one that is fastest on the machine that trains. Until pruning starts it is <see cref="Unstructured"/>. Then the
    /// products of a scoring step are measured with the network's own matrices, pruned to the target density by each pattern,
    /// and pruning goes on by the fastest; of patterns as fast as each other, by the one that stands first here. It ends early
    /// when being pruned further would not make the network faster. A pattern that leaves the allowed loss before the target
    /// is followed by the next one if that could still be faster, from the same network: this takes up to three times the
    /// epochs. <see cref="TrainingHistory.Decisions"/> has what was measured and chosen: two runs with the same seed may choose
    /// differently, and name the pattern to have the same one again.
    /// </summary>
    Fastest,
}
