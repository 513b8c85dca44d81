using System.CommandLine;
using System.Globalization;
using Microsoft.ML;

namespace Samples.Commands;

/// <summary><c>TASK predict</c>: one output a line on standard output and nothing else.</summary>
internal static class PredictCommand
{
    public static Command Create(ISampleTask task)
    {
        Option<string> model = ModelPath.Option(task);
        var verbose = new Option<bool>("--verbose") { Description = "Tells time, memory and loaded native files on standard error" };
        var texts = new Argument<string[]>("TEXT")
        {
            Description = $"Each {task.InputDescription}; without any, standard input is read, one a line",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command("predict", "Scores inputs with a model zip; needs no libtorch.");
        command.Arguments.Add(texts);
        foreach (Option option in (Option[])[model, verbose, .. task.PredictOptions])
            command.Options.Add(option);

        command.SetAction(parse =>
        {
            var mlContext = new MLContext();
            string path = ModelPath.Resolve(parse.GetValue(model), task);
            ITransformer loaded = ModelPath.Load(mlContext, path);
            Func<string, IReadOnlyList<ScoredText>> predict = ModelPath.Reading(path, () => task.CreatePredictor(mlContext, loaded, parse));
            bool ranked = parse.GetResult("--alternatives") is not null;
            IEnumerable<string> inputs = parse.GetValue(texts) is { Length: > 0 } given ? given : Lines(Console.In);
            using var diagnostics = parse.GetValue(verbose) ? new PredictDiagnostics(Console.Error) : null;
            foreach (string input in inputs)
            {
                // A blank line stays one, so that line n of the output belongs to line n of the input.
                bool blank = string.IsNullOrWhiteSpace(input);
                IReadOnlyList<ScoredText> outputs = blank ? [new ScoredText("", 0)] : predict(input);
                diagnostics?.Count();
                Write(Console.Out, outputs, ranked && !blank);
            }

            return 0;
        });
        return command;
    }

    /// <summary>The best output alone, or rank, log-probability and text of each, with a blank line after the last.</summary>
    internal static void Write(TextWriter output, IReadOnlyList<ScoredText> outputs, bool ranked)
    {
        if (!ranked)
        {
            output.WriteLine(outputs[0].Text);
            return;
        }

        for (int i = 0; i < outputs.Count; i++)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{i + 1}\t{outputs[i].Score:F4}\t{outputs[i].Text}"));
        output.WriteLine();
    }

    private static IEnumerable<string> Lines(TextReader reader)
    {
        while (reader.ReadLine() is { } line)
            yield return line;
    }
}
