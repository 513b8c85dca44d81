using System.Globalization;
using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>
/// Compares ways of doing one thing in turns, in one process. BenchmarkDotNet times one way after the other, and on a
/// machine whose speed drifts their ratio would drift with it.
/// </summary>
internal static class Program
{
    private static readonly Dictionary<string, Action<TextWriter, int>> _contests = new()
    {
        ["product"] = ProductRatios.Run,
        ["layer"] = LayerRatios.Run,
        ["iteration"] = IterationRatios.Run,
        ["sparse"] = SparseRatios.Run,
        ["kernels"] = KernelRatios.Run,
        ["epoch"] = EpochRatios.Run,
        ["memory"] = TrainingMemory.Run,
        ["memory-of"] = TrainingMemory.RunOne,
    };

    private static int Main(string[] args)
    {
        if (args is not [var name, ..] || !_contests.TryGetValue(name, out Action<TextWriter, int>? run))
        {
            Console.Error.WriteLine($"Usage: NAME [THREADS], NAME one of {string.Join(", ", _contests.Keys)}.");
            return 1;
        }

        TorchRuntime.EnsureLoaded();
        run(Console.Out, args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1);
        return 0;
    }
}
