using Samples.Commands;

namespace Samples.Reporting;

/// <summary>Writes everything there is to keep of a training run into a folder: the library's report, a plot, the history.</summary>
internal static class ReportFolder
{
    private const string PlotFile = "history.png";

    /// <returns>The path of the folder.</returns>
    public static string Write(string folder, ISampleTask task, TrainedModel trained)
    {
        folder = OutputPath.ForFolder(folder);
        // A model that went on from another one may have needed no epoch, and then there is nothing to plot.
        if (trained.History.Epochs.Count > 0)
            HistoryPlot.Save(Path.Combine(folder, PlotFile), trained.History, task.LowerMetricIsBetter);
        File.WriteAllText(Path.Combine(folder, "history.csv"), HistoryCsv.Write(trained.History));
        trained.Report?.Save(folder);
        return folder;
    }
}
