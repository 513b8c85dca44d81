using BenchmarkDotNet.Attributes;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>Forward and backward of one recurrent layer, batch 64, length 20: the ratio of H-LSTM to the library's LSTM.</summary>
public class TrainingStepBenchmarks
{
    private const int Batch = 64, Length = 20;
    private Tensor _input = null!;
    private LSTM _library = null!;
    private HLstmLayer _lstm = null!;
    private HLstmLayer _hlstm = null!;
    private SequenceMask _mask = null!;

    /// <summary>Width of input, state and gate hidden layer.</summary>
    [Params(256, 512)]
    public int Units { get; set; }

    /// <summary>Threads of libtorch and of the kernels; one, because libtorch's threads collapse when anything else runs.</summary>
    [Params(1)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        TorchRuntime.EnsureLoaded();
        set_num_threads(Threads);
        using var random = new Generator(1);
        _input = randn([Length, Batch, Units], generator: random);
        _mask = new SequenceMask([.. Enumerable.Repeat(Length, Batch)]);
        _library = nn.LSTM(Units, Units);
        _lstm = new HLstmLayer("lstm", Units, Units, GateNetworkOptions.None, false, new Initializer(random));
        _hlstm = new HLstmLayer("hlstm", Units, Units, new GateNetworkOptions(1, Units, GateActivation.LeakyRelu, false, 0), false, new Initializer(random));
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _input.Dispose();
        _library.Dispose();
        _lstm.Dispose();
        _hlstm.Dispose();
    }

    [Benchmark(Baseline = true)]
    public float LibraryLstm()
    {
        using var scope = NewDisposeScope();
        return Backward(_library.call(_input).Item1);
    }

    [Benchmark]
    public float Lstm() => Run(_lstm, fused: true);

    [Benchmark]
    public float HLstm() => Run(_hlstm, fused: true);

    [Benchmark]
    public float HLstmComposed() => Run(_hlstm, fused: false);

    private float Run(HLstmLayer layer, bool fused)
    {
        HLstmCell.UseFused = fused;
        using var scope = NewDisposeScope();
        return Backward(layer.Run(_input, _mask, null).Outputs);
    }

    private static float Backward(Tensor outputs)
    {
        Tensor loss = outputs.sum();
        loss.backward();
        return loss.item<float>();
    }
}
