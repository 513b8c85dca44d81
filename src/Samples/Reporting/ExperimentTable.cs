using System.Globalization;
using Microsoft.ML.HLstm;
using Spectre.Console;

namespace Samples.Reporting;

/// <summary>The front of an experiment as a table, the best model marked.</summary>
internal static class ExperimentTable
{
    public static void Write(IAnsiConsole console, ExperimentResult result)
    {
        Table table = new Table().Border(TableBorder.Rounded);
        foreach (string name in (string[])["", "trial", result.MetricName, "parameters", "ms a row", "zip bytes", "epochs"])
            table.AddColumn(new TableColumn(Markup.Escape(name)) { Alignment = Justify.Right });
        foreach (RunDetail run in result.ParetoFront.Append(result.BestRun).Distinct().OrderBy(run => run.Parameters))
        {
            table.AddRow(run == result.BestRun ? "best" : "", Text(run.TrialId, "D"), Text(run.Metric, "F2"), Text(run.Parameters, "N0"), Text(run.LatencyInMilliseconds, "F3"),
                Text(run.ZipBytes, "N0"), Text(run.Budget, "P0"));
        }

        console.Write(table);
        Console.WriteLine($"Best model: {result.BestRun.ModelPath}");
        Console.WriteLine($"Report: {Path.Combine(result.Folder, "report.html")}");
    }

    private static string Text<T>(T value, string format) where T : IFormattable => value.ToString(format, CultureInfo.InvariantCulture);
}
