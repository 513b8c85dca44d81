using BenchmarkDotNet.Attributes;
using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>A layer under BenchmarkDotNet: the ways of <see cref="LayerWays"/> by name, their results checked first.</summary>
public abstract class LayerBenchmarks
{
    private LayerWays? _ways;
    private ILayerRun? _run;
    private IDisposable? _inference;

    /// <summary>The way to time.</summary>
    [ParamsSource(nameof(Names))]
    public string Way { get; set; } = "";

    /// <summary>All ways.</summary>
    public IEnumerable<string> Names => Ways.All.Select(way => way.Name);

    private protected abstract LayerShape Shape { get; }

    private LayerWays Ways => _ways ??= new LayerWays(Shape, threads: 1).WithHLstm(
        wideGates: false,
        (MaskPattern.Unstructured, 0.1), (MaskPattern.Unstructured, 0.05), (MaskPattern.Unstructured, 0.02),
        (MaskPattern.Blocks, 0.05), (MaskPattern.Balanced, 0.05));

    [GlobalSetup]
    public void Setup()
    {
        TorchRuntime.EnsureLoaded();
        TorchSharp.torch.set_num_threads(1);
        LayerWay way = Ways.All.Single(candidate => candidate.Name == Way);
        _run = way.Make();
        Ways.Check(way, _run);
        _inference = TorchSharp.torch.inference_mode();
    }

    [Benchmark]
    public void Run() => _run!.Run();

    [GlobalCleanup]
    public void Cleanup()
    {
        _inference?.Dispose();
        _run?.Dispose();
    }
}
