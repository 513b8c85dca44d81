using System.CommandLine;
using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary><c>quick</c>: scoring against TorchSharp and ONNX Runtime in less than two minutes.</summary>
internal static class QuickCommand
{
    public static RootCommand Create()
    {
        var json = new Option<string?>("--json") { Description = "Also writes the results to this file", HelpName = "FILE" };
        var threads = new Option<int>("--threads") { Description = "Threads of every engine; the bidirectional layer has 1 and 2", DefaultValueFactory = _ => 1 };
        var wideGates = new Option<bool>("--wide-gates") { Description = "Made-up gates are as wide as the state, instead of half as wide, which is the default of training" };
        var model = new Option<string>("--model") { Description = "Model zip of the translation and of the cold start", HelpName = "X.zip", DefaultValueFactory = _ => ModelZip.Shipped };
        var data = new Option<string>("--data") { Description = "Sentences for it, one a line", HelpName = "FILE", DefaultValueFactory = _ => ModelZip.ShippedData };
        var trained = new Option<string[]>("--trained") { Description = "Model zips whose cells are scored (default: the model)", HelpName = "X.zip", AllowMultipleArgumentsPerToken = true };
        threads.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1024)
                result.AddError($"--threads is {result.GetValueOrDefault<int>()}; 1 to 1024 are allowed.");
        });
        var command = new RootCommand("Compares scoring with TorchSharp and ONNX Runtime, in turns.");
        foreach (Option option in (Option[])[json, threads, wideGates, model, data, trained])
            command.Options.Add(option);
        command.SetAction(parse =>
        {
            (int count, string zip) = (parse.GetValue(threads), parse.GetRequiredValue(model));
            string[] zips = parse.GetValue(trained) is { Length: > 0 } given ? given : [zip];
            Run(count, parse.GetValue(wideGates), zip, parse.GetRequiredValue(data), zips, parse.GetValue(json));
        });
        return command;
    }

    private static void Run(int threads, bool wideGates, string model, string data, string[] trained, string? json)
    {
        TorchRuntime.EnsureLoaded();
        var results = new List<ContestResult>();
        Console.WriteLine($"Speeds are ratios inside a turn, the median with its quartiles. H-LSTM gates have one hidden layer, {(wideGates ? "as wide as" : "half as wide as")} the state.");
        Console.WriteLine("Baselines and \"LSTM\" have the same weights; masks are made up but for \"trained\" and \"counts of\", which has a trained cell's row and column counts.");
        Console.WriteLine();
        foreach (ContestResult result in new QuickRun(threads, wideGates, model, data, trained).Run())
        {
            ContestTable.Write(Console.Out, result);
            results.Add(result);
        }

        if (json is not null)
            File.WriteAllText(json, QuickReport.Of(threads, wideGates, model, results).ToJson() + "\n");
    }
}
