namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>A layer in both directions.</summary>
public class BidirectionalBenchmarks : LayerBenchmarks
{
    private protected override LayerShape Shape => new(800, 800, 100, 1, 2);
}
