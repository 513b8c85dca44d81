using System.Globalization;
using Microsoft.ML.HLstm;
using Spectre.Console;

namespace Samples.Reporting;

/// <summary>The table of phases, on the console, with what was decided below it, and in Markdown.</summary>
internal static class PhaseTable
{
    public static string[] Header(string metricName) =>
        ["Phase", "Epochs", "Best " + metricName, "Active", "Density", "FLOPs/step", "Seconds"];

    public static string[] Row(PhaseSummary phase) =>
    [
        PhaseName.Of(phase.Phase),
        phase.Epochs.ToString(CultureInfo.InvariantCulture),
        phase.BestMetric.ToString("F2", CultureInfo.InvariantCulture),
        phase.Masked ? phase.ActiveConnections.ToString("N0", CultureInfo.InvariantCulture) : "all",
        phase.Masked ? phase.Density.ToString("P1", CultureInfo.InvariantCulture) : "dense",
        phase.FlopsPerStep.ToString("N0", CultureInfo.InvariantCulture),
        phase.Seconds.ToString("F1", CultureInfo.InvariantCulture),
    ];

    public static void Write(IAnsiConsole console, TrainingHistory history, bool lowerMetricIsBetter)
    {
        Table table = new Table().Border(TableBorder.Rounded);
        foreach (string name in Header(history.MetricName))
            table.AddColumn(new TableColumn(Markup.Escape(name)) { Alignment = name == "Phase" ? Justify.Left : Justify.Right });
        foreach (PhaseSummary phase in PhaseSummary.From(history, lowerMetricIsBetter))
            table.AddRow([.. Row(phase).Select(Markup.Escape)]);
        console.Write(table);
        foreach (string decision in history.Decisions)
            console.WriteLine(decision);
    }
}
