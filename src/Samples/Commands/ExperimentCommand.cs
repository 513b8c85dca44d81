using System.CommandLine;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.HLstm;
using Samples.Reporting;
using Spectre.Console;

namespace Samples.Commands;

/// <summary><c>TASK experiment</c>: searches for the best compact model within a budget, and reports every trial.</summary>
internal static class ExperimentCommand
{
    public const string TrialOption = "--trial";
    private const double DefaultMinutes = 60;

    public static Command Create(ISampleTask task)
    {
        Option<string[]> data = TrainCommand.DataOption("--data", task, task.DataDescription, required: true);
        Option<string[]> validation = TrainCommand.DataOption("--valid", task, "Data that models are compared on, like --data", required: false);
        var minutes = new Option<double>("--minutes") { Description = "Time for the whole experiment", DefaultValueFactory = _ => DefaultMinutes };
        var trials = new Option<int?>("--trials") { Description = "Trials at most (default: as many as there is time for)", HelpName = "NUMBER" };
        var goal = EnumOption.Restrict(new Option<ExperimentGoal>("--goal") { Description = "Which model is the best one (default: mostaccurate)" });
        var metric = new Option<string?>("--metric") { Description = "The metric that models are compared by (default: the task's first)" };
        var tuner = EnumOption.Restrict(new Option<TunerName>("--tuner") { Description = "What proposes the points to try (default: gaussian)" });
        var processes = new Option<int>("--processes") { Description = "Child processes that run trials at the same time; 0 runs them in this process" };
        var memory = new Option<double?>("--memory") { Description = "Megabytes that a trial's process may use", HelpName = "NUMBER" };
        var search = new Option<string[]>("--search") { Description = "Narrows the search or adds to it, such as StateSize=64,128", HelpName = "NAME=VALUE,..." };
        var seed = new Option<int>("--seed") { Description = "Seed of everything random", DefaultValueFactory = _ => 1 };
        var report = new Option<string>("--report") { Description = "Folder for models, trials and the report; a broken-off experiment goes on there", HelpName = "DIR", Required = true };
        var trial = new Option<string?>(TrialOption) { Description = "Runs the trial of a file", HelpName = "FILE", Hidden = true };
        OptionSet<SequenceTrainerOptions> shared = TrainingRequest.SharedOptions();
        var command = new Command("experiment", "Searches for the best compact model within a budget; Ctrl+C ends it with what it has found.");
        foreach (Option option in (Option[])[data, validation, minutes, trials, goal, metric, tuner, processes, memory, search, seed, report, trial, .. task.DataOptions, .. shared.Options, .. task.TrainOptions])
        {
            // Trials have a folder of checkpoints each, and no teachers.
            if (option.Name is not (TrainingRequest.CheckpointsOption or TeacherOptions.Zips or TeacherOptions.Share))
                command.Options.Add(option);
        }

        command.SetAction(parse =>
        {
            var mlContext = new MLContext(parse.GetValue(seed));
            string[] files = parse.GetRequiredValue(data);
            string[] validFiles = parse.GetValue(validation) is { Length: > 0 } given ? given : task.HoldsOut(parse) ? files
                : throw new UsageException("--valid is missing: the data that models are compared on.");
            IDataView train = task.LoadData(mlContext, files, DataUse.Training, parse), valid = task.LoadData(mlContext, validFiles, DataUse.Validation, parse);
            using var interruption = new Interruption();
            var request = new ExperimentRequest(parse, shared, train, settings =>
            {
                settings.MaxExperimentTime = Minutes(parse.GetValue(minutes));
                settings.MaxTrials = parse.GetValue(trials);
                settings.Goal = parse.GetValue(goal);
                settings.OptimizingMetric = parse.GetValue(metric);
                settings.Seed = parse.GetValue(seed);
                settings.CheckpointFolder = OutputPath.ForFolder(parse.GetRequiredValue(report));
                settings.MaximumMemoryUsageInMegaByte = parse.GetValue(memory);
                settings.CancellationToken = interruption.Token;
                settings.Tuner = TunerOf(parse.GetValue(tuner));
                foreach (string narrowed in parse.GetValue(search) ?? [])
                    ExperimentRequest.Narrow(settings.SearchSpace, narrowed);
                if (parse.GetValue(processes) is > 0 and int count)
                    (settings.MaxConcurrentTrials, settings.TrialRunner) = (count, TrialProcess.CreateRunner());
            });
            SequenceExperiment experiment = task.CreateExperiment(mlContext, request);
            if (parse.GetValue(trial) is { } file)
            {
                TrialProcess.EndWithParent();
                experiment.RunTrial(file, train, valid);
                return 0;
            }

            try
            {
                ExperimentTable.Write(AnsiConsole.Console, experiment.Execute(train, valid, new TrialLines(Console.Out)));
                return 0;
            }
            catch (Exception exception) when (exception is AggregateException or TimeoutException or InvalidOperationException)
            {
                throw new SampleException(exception.Message);
            }
        });
        return command;
    }

    private static TimeSpan Minutes(double minutes) => minutes is > 0 and <= 1e6
        ? TimeSpan.FromMinutes(minutes)
        : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--minutes is {minutes}; allowed is above 0 and at most a million."));

    private static Func<SearchSpace, int, ITuner> TunerOf(TunerName name) => name switch
    {
        TunerName.Random => (space, seed) => new RandomTuner(space, seed),
        TunerName.Grid => (space, seed) => new GridTuner(space, seed: seed),
        TunerName.Parzen => (space, seed) => new TreeParzenTuner(space, seed),
        _ => (space, seed) => new GaussianProcessTuner(space, seed),
    };

    private enum TunerName
    {
        Gaussian,
        Parzen,
        Random,
        Grid,
    }
}
