namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>A sequence of 100.</summary>
public class SequenceBenchmarks : LayerBenchmarks
{
    private protected override LayerShape Shape => new(512, 512, 100);
}
