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
        Option<string[]> data = DataOption("--data", task, task.DataDescription, required: true);
        Option<string[]> validation = DataOption("--valid", task, "Data to validate on after each epoch, like --data", required: false);
        var model = new Option<string>("--model") { Description = "The model zip to write", HelpName = "OUT.zip" };
        var initial = new Option<string>("--initial") { Description = "A model zip of the same sizes to train on from", HelpName = "IN.zip" };
        var algorithm = EnumOption.Restrict(new Option<Algorithm>("--algorithm") { Description = "The recurrent cell (default: hlstm)" });
        var seed = new Option<int>("--seed") { Description = "Seed of everything random", DefaultValueFactory = _ => DefaultSeed };
        var report = new Option<string>("--report") { Description = "Folder for report, plot and history", HelpName = "DIR" };
        var ablation = new Option<bool>("--ablation") { Description = "Trains with growth only, pruning only, both and neither, and compares them; needs no --model" };
        var goal = new GoalOptions();
        OptionSet<SequenceTrainerOptions> shared = TrainingRequest.SharedOptions();
        var command = new Command("train", "Trains a model and saves it as a model zip; Ctrl+C or a request to end saves the best one so far.");
        foreach (Option option in (Option[])[data, validation, model, initial, algorithm, seed, report, ablation, .. task.DataOptions, .. goal.Options, .. shared.Options, .. task.TrainOptions])
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(model) is null && !result.GetValue(ablation))
                result.AddError("Option '--model' is required.");
            if (result.GetValue(initial) is not null && result.GetValue(ablation))
                result.AddError("--ablation trains four models from nothing; leave out --initial.");
        });

        command.SetAction(parse =>
        {
            (int seedValue, Algorithm cell) = (parse.GetValue(seed), parse.GetValue(algorithm));
            var mlContext = new MLContext(seedValue);
            GrowAndPruneSchedule schedule = goal.Read(parse, cell);
            IReadOnlyList<AblationVariant>? variants = parse.GetValue(ablation) ? AblationVariant.Of(schedule) : null;
            string? path = parse.GetValue(model) is { } file ? OutputPath.ForFile(file) : null;
            string? folder = parse.GetValue(report) is { } name ? OutputPath.ForFolder(name) : null;
            IDataView train = task.LoadData(mlContext, parse.GetRequiredValue(data), DataUse.Training, parse);
            string[]? files = parse.GetValue(validation) is { Length: > 0 } given ? given : task.HoldsOut(parse) ? parse.GetRequiredValue(data) : null;
            IDataView? valid = files is null ? null : task.LoadData(mlContext, files, DataUse.Validation, parse);

            ITransformer? start = parse.GetValue(initial) is { } zip ? ModelPath.Load(mlContext, ModelPath.Resolve(zip, task)) : null;

            using var interruption = new Interruption();
            TrainedModel Train(GrowAndPruneSchedule chosen, Action<SequenceTrainerOptions>? change) => TrainingDisplay.Run(AnsiConsole.Console, progress => task.Train(mlContext,
                new TrainingRequest(parse, seedValue, cell, chosen, shared, train, valid, start, progress, interruption.Token) { Change = change }));
            void Save(ITransformer trained, string zip) => OutputPath.Write(zip, unfinished => mlContext.Model.Save(trained, train.Schema, unfinished));

            if (variants is not null)
                return AblationRun.Run(task, new Ablation(variants, Train), Save, path, folder, interruption.Token);

            TrainedModel trained = Train(schedule, null);
            Save(trained.Model, path!);

            if (interruption.Token.IsCancellationRequested)
                AnsiConsole.WriteLine("Interrupted: the best model so far is saved.");
            PhaseTable.Write(AnsiConsole.Console, trained.History, task.LowerMetricIsBetter);
            // Paths are printed whole, without Spectre's wrapping, so that they can be copied.
            Console.WriteLine($"Model: {path} ({new FileInfo(path!).Length:N0} bytes)");
            if (folder is not null)
                Console.WriteLine($"Report: {ReportFolder.Write(folder, task, trained)}");
            return 0;
        });
        return command;
    }

    /// <summary>As many files as the task's data may have.</summary>
    public static Option<string[]> DataOption(string name, ISampleTask task, string description, bool required) => new(name)
    {
        Description = description,
        HelpName = string.Join(' ', Enumerable.Range(0, task.MostDataFiles).Select(i => i == 0 ? "FILE" : "[FILE]")),
        Required = required,
        Arity = new ArgumentArity(1, task.MostDataFiles),
        AllowMultipleArgumentsPerToken = true,
    };
}
