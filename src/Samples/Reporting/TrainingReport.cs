using Samples.Commands;

namespace Samples.Reporting;

/// <summary>Writes everything there is to keep of a training run into a folder.</summary>
internal static class TrainingReport
{
    private const string PlotFile = "history.png";

    /// <returns>The paths of the plot and of the summary.</returns>
    public static (string PlotPath, string SummaryPath) Write(string folder, ISampleTask task, TrainedModel trained)
    {
        folder = OutputPath.ForFolder(folder);
        string plot = Path.Combine(folder, PlotFile);
        string summary = Path.Combine(folder, "summary.md");
        HistoryPlot.Save(plot, trained.History, task.LowerMetricIsBetter);
        File.WriteAllText(Path.Combine(folder, "history.csv"), HistoryFiles.ToCsv(trained.History));
        File.WriteAllText(Path.Combine(folder, "history.json"), HistoryFiles.ToJson(trained.History));
        File.WriteAllText(summary, MarkdownSummary.Write(task, trained, PlotFile));
        return (plot, summary);
    }
}
