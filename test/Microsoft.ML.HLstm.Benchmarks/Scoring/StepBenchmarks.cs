namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>One step of 512 units.</summary>
public class StepBenchmarks : LayerBenchmarks
{
    private protected override LayerShape Shape => new(512, 512);
}
