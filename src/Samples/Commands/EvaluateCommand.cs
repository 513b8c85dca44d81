using System.CommandLine;
using Microsoft.ML;
using Samples.Reporting;
using Spectre.Console;

namespace Samples.Commands;

/// <summary><c>TASK evaluate</c>: metrics, size and speed of a model zip.</summary>
internal static class EvaluateCommand
{
    public static Command Create(ISampleTask task)
    {
        Option<string[]> data = TrainCommand.DataOption("--data", task, task.DataDescription, required: true);
        Option<string> model = ModelPath.Option(task);
        var json = new Option<string>("--json") { Description = "Also writes the values to this file", HelpName = "FILE" };
        var command = new Command("evaluate", "Measures a model zip: metrics, parameters, FLOPs, time.");
        foreach (Option option in (Option[])[data, model, json, .. task.DataOptions, .. task.EvaluateOptions])
            command.Options.Add(option);

        command.SetAction(parse =>
        {
            var mlContext = new MLContext();
            string path = ModelPath.Resolve(parse.GetValue(model), task);
            string? output = parse.GetValue(json) is { } file ? OutputPath.ForFile(file) : null;
            IDataView rows = task.LoadData(mlContext, parse.GetRequiredValue(data), DataUse.Evaluation, parse);
            ITransformer loaded = ModelPath.Load(mlContext, path);
            _ = ModelPath.Reading(path, () => loaded.GetOutputSchema(rows.Schema));
            Evaluation evaluation = task.Evaluate(mlContext, loaded, rows, parse);

            var report = new EvaluationReport(task, evaluation, path);
            report.Write(AnsiConsole.Console);
            if (output is not null)
                File.WriteAllText(output, report.ToJson() + "\n");
            return 0;
        });
        return command;
    }
}
