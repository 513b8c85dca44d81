using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.HLstm;
using Samples.Reporting;
using Spectre.Console;

namespace Samples.Commands;

/// <summary><c>TASK train</c>: trains, saves the zip, shows the phases, writes the report.</summary>
internal static class TrainCommand
{
    private const int DefaultSeed = 1;

    public static Command Create(ISampleTask task)
    {
        Option<string[]> data = DataOption("--data", task.DataDescription, required: true);
        Option<string[]> validation = DataOption("--valid", "Data to validate on after each epoch, like --data", required: false);
        var model = new Option<string>("--model") { Description = "The model zip to write", HelpName = "OUT.zip", Required = true };
        var initial = new Option<string>("--initial") { Description = "A model zip of the same sizes to train on from", HelpName = "IN.zip" };
        var algorithm = EnumOption.Restrict(new Option<Algorithm>("--algorithm") { Description = "The recurrent cell (default: hlstm)" });
        var seed = new Option<int>("--seed") { Description = "Seed of everything random", DefaultValueFactory = _ => DefaultSeed };
        var report = new Option<string>("--report") { Description = "Folder for plot, history and summary", HelpName = "DIR" };
        var goal = new GoalOptions();
        OptionSet<SequenceTrainerOptions> shared = TrainingRequest.SharedOptions();
        var command = new Command("train", "Trains a model and saves it as a model zip; Ctrl+C or a request to end saves the best one so far.");
        foreach (Option option in (Option[])[data, validation, model, initial, algorithm, seed, report, .. goal.Options, .. shared.Options, .. task.TrainOptions])
            command.Options.Add(option);

        command.SetAction(parse =>
        {
            (int seedValue, Algorithm cell) = (parse.GetValue(seed), parse.GetValue(algorithm));
            var mlContext = new MLContext(seedValue);
            GrowAndPruneSchedule schedule = goal.Read(parse, cell);
            string path = OutputPath.ForFile(parse.GetRequiredValue(model));
            IDataView train = task.LoadData(mlContext, parse.GetRequiredValue(data));
            IDataView? valid = parse.GetValue(validation) is { Length: > 0 } files ? task.LoadData(mlContext, files) : null;

            ITransformer? start = parse.GetValue(initial) is { } zip ? ModelPath.Load(mlContext, ModelPath.Resolve(zip, task)) : null;

            using var interruption = new Interruption();
            TrainedModel trained = TrainingDisplay.Run(AnsiConsole.Console, progress => task.Train(mlContext,
                new TrainingRequest(parse, seedValue, cell, schedule, shared, train, valid, start, progress, interruption.Token)));
            // Written beside it and renamed: a program that is killed here leaves no half of a model.
            mlContext.Model.Save(trained.Model, train.Schema, path + ".tmp");
            File.Move(path + ".tmp", path, overwrite: true);

            if (interruption.Token.IsCancellationRequested)
                AnsiConsole.WriteLine("Interrupted: the best model so far is saved.");
            PhaseTable.Write(AnsiConsole.Console, trained.History, task.LowerMetricIsBetter);
            // Paths are printed whole, without Spectre's wrapping, so that they can be copied.
            Console.WriteLine($"Model: {path} ({new FileInfo(path).Length:N0} bytes)");
            if (parse.GetValue(report) is { } folder)
                Console.WriteLine($"Report: {TrainingReport.Write(folder, task, trained).PlotPath}");
            return 0;
        });
        return command;
    }

    /// <summary>One or two files.</summary>
    public static Option<string[]> DataOption(string name, string description, bool required) => new(name)
    {
        Description = description,
        HelpName = "FILE [FILE]",
        Required = required,
        Arity = new ArgumentArity(1, 2),
        AllowMultipleArgumentsPerToken = true,
    };
}
