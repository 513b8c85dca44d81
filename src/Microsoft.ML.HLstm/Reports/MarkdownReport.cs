using System.Globalization;
using System.Text;

namespace Microsoft.ML.HLstm.Reports;

/// <summary>A report on one Markdown page.</summary>
internal static class MarkdownReport
{
    public static string Write(TrainingReport report)
    {
        var text = new StringBuilder();
        ModelStatistics size = report.Statistics;
        text.Append(CultureInfo.InvariantCulture, $"# {report.Task}: training run\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Validation {report.History.MetricName} of the model that was returned: **{Number(report.Metric, "F2")}**. ");
        text.Append(CultureInfo.InvariantCulture, $"Microsoft.ML.HLstm {report.LibraryVersion}, seed {report.Seed}.\n\n");
        Table(text, ["", "Active", "Of", "Density"],
        [
            Share("Recurrent parameters", size.ActiveRecurrentParameters, size.RecurrentParameters),
            Share("All parameters", size.ActiveParameters, size.Parameters),
        ]);
        text.Append(CultureInfo.InvariantCulture, $"\nWeight FLOPs of a scoring step: {size.FlopsPerStep:N0}.\n\n## Phases\n\n");
        Table(text, ["Phase", "Epochs", "Loss", "Best " + report.History.MetricName, "Active", "Density", "FLOPs/step", "Seconds"], report.Phases.Select(Row));
        foreach (string decision in report.History.Decisions)
            text.Append(CultureInfo.InvariantCulture, $"\n{decision}\n");
        Matrices(text, report.Matrices);
        Compaction(text, report.Compaction);
        text.Append("\n## Options\n\n");
        Table(text, ["Option", "Value"], report.Options.Select(option => (string[])[option.Name, option.Value]));
        return text.ToString();
    }

    private static void Matrices(StringBuilder text, IReadOnlyList<MatrixSummary> matrices)
    {
        if (matrices.Count == 0)
            return;
        text.Append("\n## Connections\n\nMatrices that are not listed were dense from start to end.\n\n");
        Table(text, ["Matrix", "Gate", "Rows", "Columns", "Pattern", "Seeded", "Grown", "Returned", "Density"], matrices.Select(m => (string[])
        [
            m.Name, m.Gate, Whole(m.Rows), Whole(m.Columns), m.Pattern.ToString(), Whole(m.SeededConnections), Whole(m.GrownConnections),
            Whole(m.ReturnedConnections), Number((double)m.ReturnedConnections / m.Rows / m.Columns, "P1"),
        ]));
    }

    private static void Compaction(StringBuilder text, IReadOnlyList<CompactionSummary> lines)
    {
        if (lines.Count == 0)
            return;
        text.Append("\n## Units inside gates\n\nUnits that pruning had cut off were removed.\n\n");
        Table(text, ["Cell", "Trunk", "Trained", "Left", "Removed"],
            lines.Select(line => (string[])[line.Cell, line.Trunk, Whole(line.Units), Whole(line.UnitsLeft), Whole(line.Units - line.UnitsLeft)]));
    }

    private static string[] Row(PhaseSummary phase) =>
    [
        phase.Phase.ToString(), Whole(phase.Epochs), Number(phase.Loss, "F4"), Number(phase.BestMetric, "F2"), phase.Masked ? Whole(phase.ActiveConnections) : "all",
        phase.Masked ? Number(phase.Density, "P1") : "dense", Whole(phase.FlopsPerStep), Number(phase.Seconds, "F1"),
    ];

    private static string[] Share(string name, long active, long all) =>
        [name, Whole(active), Whole(all), Number((double)active / Math.Max(1, all), "P1")];

    private static string Whole(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Number(double value, string format) => double.IsNaN(value) ? "-" : value.ToString(format, CultureInfo.InvariantCulture);

    private static void Table(StringBuilder text, string[] header, IEnumerable<string[]> rows)
    {
        text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", header)} |\n|{string.Concat(header.Select(_ => "---|"))}\n");
        foreach (string[] row in rows)
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row.Select(Cell))} |\n");
    }

    /// <summary>Names of columns are the user's own.</summary>
    private static string Cell(string value) => value.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
