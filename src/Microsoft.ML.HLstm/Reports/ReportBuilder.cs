using System.Reflection;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Reports;

/// <summary>Puts a report together when a task has trained a model.</summary>
internal static class ReportBuilder
{
    private const string Gates = "ifgo";

    /// <param name="task">What the model does.</param>
    /// <param name="options">The options of the run.</param>
    /// <param name="seed">The seed that was used.</param>
    /// <param name="run">The run, which has ended.</param>
    /// <param name="statistics">The size of the model.</param>
    /// <param name="trained">The cells before compaction.</param>
    /// <param name="compacted">The same cells after it.</param>
    /// <param name="lowerMetricIsBetter">True where the history has error rates.</param>
    public static TrainingReport Make(
        string task, SequenceTrainerOptions options, int seed, TrainingRun run, ModelStatistics statistics,
        IEnumerable<CellWeights> trained, IEnumerable<CellWeights> compacted, bool lowerMetricIsBetter = false) => new()
        {
            Task = task,
            LibraryVersion = Version(),
            Seed = seed,
            Metric = run.Metric,
            LowerMetricIsBetter = lowerMetricIsBetter,
            Statistics = statistics,
            History = run.History,
            Matrices = run.Connections.Summaries(),
            Compaction = [.. trained.Zip(compacted).SelectMany(cells => Compaction(cells.First, cells.Second))],
            Options = OptionList.Of(options),
            Saved = options.SaveReport,
        };

    private static IEnumerable<CompactionSummary> Compaction(CellWeights trained, CellWeights compacted)
    {
        string name = trained.Input.Name, cell = name.EndsWith(".input", StringComparison.Ordinal) ? name[..^".input".Length] : name;
        for (int trunk = 0; trunk < trained.TrunkWidths.Length; trunk++)
            yield return new CompactionSummary(cell, trained.TrunkWidths.Length == 1 ? "shared" : Gates[trunk].ToString(), Units(trained, trunk), Units(compacted, trunk));
    }

    private static int Units(CellWeights cell, int trunk) => cell.TrunkWidths[trunk] + cell.Hidden[trunk].Sum(layer => layer.OutputSize);

    /// <summary>Without the commit that a build appends.</summary>
    private static string Version() =>
        typeof(ReportBuilder).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
