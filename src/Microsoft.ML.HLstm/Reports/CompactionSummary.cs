namespace Microsoft.ML.HLstm;

/// <summary>The hidden units of one trunk of a cell before and after those that pruning had cut off were removed.</summary>
/// <param name="Cell">The cell's name.</param>
/// <param name="Trunk">The gate that the trunk belongs to, "i", "f", "g" or "o", or "shared" where one serves all four.</param>
/// <param name="Units">Hidden units, over all hidden layers, that were trained.</param>
/// <param name="UnitsLeft">Hidden units that are left.</param>
public sealed record CompactionSummary(string Cell, string Trunk, int Units, int UnitsLeft);
