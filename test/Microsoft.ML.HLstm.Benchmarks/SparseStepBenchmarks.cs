using BenchmarkDotNet.Attributes;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Networks.Kernels;
using Microsoft.ML.HLstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>
/// Forward and backward of one H-LSTM layer whose matrices have few connections, batch 64, length 20: all connections
/// computed against the active ones only.
/// </summary>
public class SparseStepBenchmarks
{
    private const int Batch = 64, Length = 20;
    private readonly Dictionary<Weight, ConnectionPattern[]> _patterns = [];
    private Tensor _input = null!;
    private HLstmLayer _layer = null!;
    private SequenceMask _mask = null!;

    /// <summary>Width of input, state and gate hidden layer.</summary>
    [Params(256, 512)]
    public int Units { get; set; }

    /// <summary>Share of the connections that is active.</summary>
    [Params(0.02, 0.05, 0.13, 0.3)]
    public double Density { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        TorchRuntime.EnsureLoaded();
        set_num_threads(1);
        using var random = new Generator(1);
        _input = randn([Length, Batch, Units], generator: random).requires_grad_(true);
        _mask = new SequenceMask([.. Enumerable.Repeat(Length, Batch)]);
        _layer = new HLstmLayer("hlstm", Units, Units, new GateNetworkOptions(1, Units, GateActivation.LeakyRelu, false, 0), false, new Initializer(random));
        var active = new Random(1);
        using IDisposable none = no_grad();
        foreach (Weight weight in _layer.Forward.Matrices().Cast<Weight>())
        {
            float[] mask = [.. Enumerable.Range(0, (int)weight.numel()).Select(_ => active.NextDouble() < Density ? 1f : 0f)];
            using Tensor values = tensor(mask), shaped = values.view(weight.shape);
            weight.mul_(shaped);
            _patterns[weight] = ConnectionPattern.OfBlocks(mask, weight.dim() == 3 ? 4 : 1, (int)weight.shape[^2], (int)weight.shape[^1]);
        }
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _input.Dispose();
        _layer.Dispose();
        _patterns.Clear();
    }

    [Benchmark(Baseline = true)]
    public float AllConnections() => Run(sparse: false);

    [Benchmark]
    public float ActiveConnections() => Run(sparse: true);

    private float Run(bool sparse)
    {
        foreach ((Weight weight, ConnectionPattern[] patterns) in _patterns)
            weight.Connections = sparse ? patterns : null;
        using var scope = NewDisposeScope();
        Tensor loss = _layer.Run(_input, _mask, null).Outputs.sum();
        loss.backward();
        return loss.item<float>();
    }
}
