using Microsoft.ML;
using Microsoft.ML.HLstm;
using Samples.Commands;
using Samples.Reporting;
using Samples.Translate;
using Spectre.Console;

namespace Samples.Demo;

/// <summary>
/// The program without a command: trains by grow-and-prune on sentences that ship with it, and translates
/// held-out ones in a second process whose folder has no libtorch.
/// </summary>
internal static class TranslationDemo
{
    public static int Run()
    {
        string output = OutputPath.ForFolder(Path.Combine("artifacts", "demo"));
        IReadOnlyList<SentencePair> all = ParallelText.Read([DataFile(ExtractCommand.TrainFile)]);
        IReadOnlyList<SentencePair> heldOut = ParallelText.Read([DataFile(ExtractCommand.HeldOutFile)]);
        List<SentencePair> training = Spread([.. all.Where(pair => !EnglishSplit.IsValidation(pair.English))], DemoSettings.TrainingPairs);
        List<SentencePair> validation = [.. all.Where(pair => EnglishSplit.IsValidation(pair.English))];
        Console.WriteLine($"German to English on Tatoeba: {training.Count:N0} pairs to train, {validation.Count:N0} to validate, {heldOut.Count:N0} held out.");

        var mlContext = new MLContext(DemoSettings.Seed);
        IDataView train = mlContext.Data.LoadFromEnumerable(training);
        TranslationOptions options = DemoSettings.Options();
        options.ValidationSet = mlContext.Data.LoadFromEnumerable(validation);
        using var interruption = new Interruption();
        options.CancellationToken = interruption.Token;
        options.ReturnBestOnCancel = true;
        TranslationTransformer model = TrainingDisplay.Run(AnsiConsole.Console, progress =>
        {
            options.Progress = progress;
            return mlContext.Translation.Trainers.HLstm(options).Fit(train);
        });

        PhaseTable.Write(AnsiConsole.Console, model.History, lowerMetricIsBetter: false);
        var task = new TranslateTask();
        Console.WriteLine($"Report: {ReportFolder.Write(output, task, new TrainedModel(model, Algorithm.HLstm, options, model.History, model.Statistics, model.Report))}");

        string zip = Path.Combine(output, "translate-demo.zip");
        mlContext.Model.Save(model, train.Schema, zip);
        ModelStatistics size = model.Statistics;
        Console.WriteLine($"Model: {zip} ({new FileInfo(zip).Length:N0} bytes; {size.ActiveRecurrentParameters:N0} of {size.RecurrentParameters:N0} recurrent connections)");

        TranslationMetrics metrics = mlContext.Translation.Evaluate(
            model.Transform(mlContext.Data.LoadFromEnumerable(heldOut)), labelColumnName: nameof(SentencePair.English));
        Console.WriteLine($"Held-out BLEU: {metrics.Bleu:F2} on {metrics.Sentences:N0} sentences ({metrics.Signature})");

        SecondProcess.Show(AnsiConsole.Console, zip, Spread(heldOut, DemoSettings.ShownTranslations));
        return 0;
    }

    private static string DataFile(string name) => Path.Combine(AppContext.BaseDirectory, "data", name);

    /// <summary>Evenly over a file, which begins with the shortest sentences.</summary>
    private static List<SentencePair> Spread(IReadOnlyList<SentencePair> pairs, int count) =>
        [.. Enumerable.Range(0, Math.Min(count, pairs.Count)).Select(i => pairs[(int)((i + 0.5) * pairs.Count / Math.Min(count, pairs.Count))])];
}
