using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>An engine with its weights, not yet made.</summary>
/// <param name="Name">What stands in the table.</param>
/// <param name="Cells">One for each direction.</param>
/// <param name="Make">Packs the weights.</param>
/// <param name="Baseline">Whether others are compared with it.</param>
/// <param name="IsQuantized">Whether its results are approximate.</param>
internal sealed record LayerWay(string Name, CellWeights[] Cells, Func<ILayerRun> Make, bool Baseline = false, bool IsQuantized = false);
