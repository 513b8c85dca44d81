namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>A step of a batch.</summary>
public class BatchBenchmarks : LayerBenchmarks
{
    private protected override LayerShape Shape => new(512, 512, 1, 32);
}
