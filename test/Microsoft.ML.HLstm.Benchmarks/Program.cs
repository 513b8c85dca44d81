using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Microsoft.ML.HLstm.Benchmarks.Ratios;
using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Benchmarks;

internal static class Program
{
    private static readonly Dictionary<string, Action<TextWriter, int>> _ratios = new()
    {
        ["layer"] = LayerRatios.Run,
        ["iteration"] = IterationRatios.Run,
        ["sparse"] = SparseRatios.Run,
        ["epoch"] = EpochRatios.Run,
        ["memory"] = TrainingMemory.Run,
        ["memory-of"] = TrainingMemory.RunOne,
    };

    /// <summary><c>ratios NAME [THREADS]</c> compares in turns; anything else goes to BenchmarkDotNet.</summary>
    private static void Main(string[] args)
    {
        if (args is ["ratios", var name, ..] && _ratios.TryGetValue(name, out Action<TextWriter, int>? run))
        {
            TorchRuntime.EnsureLoaded();
            run(Console.Out, args.Length > 2 ? int.Parse(args[2]) : 1);
            return;
        }

        // In this process: a generated project of its own would not have the libtorch that the build prepared here.
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args,
            DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance).WithIterationCount(11).WithWarmupCount(3)));
    }
}
