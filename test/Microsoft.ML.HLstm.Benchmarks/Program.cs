using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Microsoft.ML.HLstm.Benchmarks.Scoring;
using Microsoft.ML.HLstm.Benchmarks.Tuners;
using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>
/// Compares ways of doing one thing in turns, in one process. BenchmarkDotNet, the long mode, times one way after the
/// other, and on a machine whose speed drifts their ratio drifts with it.
/// </summary>
internal static class Program
{
    private const string QuickName = "quick", LongName = "bdn";

    private static readonly Dictionary<string, Action<TextWriter, int>> _contests = new()
    {
        ["product"] = ProductRatios.Run,
        ["layer"] = LayerRatios.Run,
        ["iteration"] = IterationRatios.Run,
        ["sparse"] = SparseRatios.Run,
        ["kernels"] = KernelRatios.Run,
        ["limits"] = StepLimits.Run,
        ["epoch"] = EpochRatios.Run,
        ["audio"] = AudioRatios.Run,
        ["ctc"] = CtcRatios.Run,
        ["speech"] = SpeechRatios.Run,
        ["speech-training"] = SpeechTrainingRatios.Run,
        ["caption"] = CaptionRatios.Run,
        ["checkpoint"] = CheckpointCost.Run,
        ["memory"] = TrainingMemory.Run,
        ["memory-of"] = TrainingMemory.RunOne,
    };

    private static int Main(string[] args)
    {
        switch (args)
        {
            case [QuickName, .. var options]:
                return QuickCommand.Create().Parse(options).Invoke();
            case [LongName, .. var options]:
                BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(options, LongConfiguration());
                return 0;
            case ["cold", .. var model]:
                ColdStart.Run(Console.Out, model.Length > 0 ? model[0] : ModelZip.Shipped);
                return 0;
            case [ColdStart.NothingCommand]:
                ColdStart.WritePeak();
                return 0;
            case [ColdStart.LibraryCommand, var model, var sentence]:
                ColdStart.RunLibrary(model, sentence);
                return 0;
            case [ColdStart.EngineCommand, var model, var sentence]:
                ColdStart.RunEngine(model, sentence);
                return 0;
            case [ColdStart.TorchCommand, var units]:
                ColdStart.RunTorch(int.Parse(units, CultureInfo.InvariantCulture));
                return 0;
            case ["resume", .. var rest]:
                return KilledRuns.Run(Console.Out, rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 1);
            case [KilledRuns.ChildCommand, var folder, var model]:
                KilledRuns.Train(folder, model);
                return 0;
            case ["tuners", "record", var data, var output]:
                TunerRecording.Run(data, output);
                return 0;
            case ["tuners", .. var table]:
                TunerComparison.Run(Console.Out, table.Length > 0 ? table[0] : Path.Combine(AppContext.BaseDirectory, "data", "recorded-trials.csv"));
                return 0;
            case ["sentence", .. var sentence]:
                SentenceRatios.Run(Console.Out, sentence);
                return 0;
            case [var name, .. var rest] when _contests.TryGetValue(name, out Action<TextWriter, int>? run):
                TorchRuntime.EnsureLoaded();
                run(Console.Out, rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 1);
                return 0;
            default:
                Console.Error.WriteLine($"Usage: {QuickName} [OPTIONS], {LongName} [OPTIONS], resume [SEED], tuners [TABLE], tuners record DATA TABLE, sentence MODEL FILE, cold [MODEL] or NAME [THREADS], NAME one of {string.Join(", ", _contests.Keys)}.");
                return 1;
        }
    }

    /// <summary>In this process: a project built for each benchmark would have half a gigabyte of libtorch.</summary>
    private static ManualConfig LongConfiguration() => DefaultConfig.Instance
        .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).AsMutator())
        .WithArtifactsPath(Path.Combine("artifacts", "benchmarks"));
}
