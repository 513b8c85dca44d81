using Microsoft.ML;
using Samples.Reporting;
using Spectre.Console;

namespace Samples.Commands;

/// <summary><c>TASK train --ablation</c>: four models, their reports, one table.</summary>
internal static class AblationRun
{
    /// <param name="task">The task.</param>
    /// <param name="ablation">What is to be trained.</param>
    /// <param name="save">Saves a model at a path.</param>
    /// <param name="zip">The path of a model zip, which gets the name of each run appended; null saves none.</param>
    /// <param name="folder">The folder of the table and of a report of each run; null writes none.</param>
    /// <param name="cancellation">Ends the run that trains, and then all.</param>
    public static int Run(ISampleTask task, Ablation ablation, Action<ITransformer, string> save, string? zip, string? folder, CancellationToken cancellation)
    {
        AblationTable? table = null;
        foreach ((AblationVariant variant, TrainedModel model) in ablation.Run())
        {
            table ??= new AblationTable(model.History.MetricName);
            table.Add(variant, model);
            Console.WriteLine($"Trained with {variant.Name}: {model.History.Epochs.Count} epochs, {model.History.MetricName} {model.Metric:F2}.");
            if (zip is not null)
                save(model.Model, Path.Combine(Path.GetDirectoryName(zip)!, $"{Path.GetFileNameWithoutExtension(zip)}-{variant.FileName}{Path.GetExtension(zip)}"));
            if (folder is not null)
                Write(folder, task, variant, model, table);
            if (cancellation.IsCancellationRequested)
            {
                AnsiConsole.WriteLine("Interrupted: the last run ended early, and the ones after it are missing.");
                break;
            }
        }

        table!.Write(AnsiConsole.Console);
        if (folder is not null)
            Console.WriteLine($"Report: {Path.Combine(folder, "ablation.md")}");
        return 0;
    }

    /// <summary>After every run, because they take long.</summary>
    private static void Write(string folder, ISampleTask task, AblationVariant variant, TrainedModel model, AblationTable table)
    {
        ReportFolder.Write(Path.Combine(folder, variant.FileName), task, model);
        File.WriteAllText(Path.Combine(folder, "ablation.md"), table.ToMarkdown());
        File.WriteAllText(Path.Combine(folder, "ablation.csv"), table.ToCsv());
    }
}
