using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Microsoft.ML.HLstm;
using Samples.Caption;
using Samples.Demo;
using Samples.Speech;
using Samples.Translate;

namespace Samples.Commands;

/// <summary>The whole command line, and how failures become one line and an exit code.</summary>
internal static class SampleCommandLine
{
    public const int Failure = 1;
    public const int WrongUsage = 2;

    public static RootCommand Create()
    {
        var root = new RootCommand("Samples of Microsoft.ML.HLstm. Without a command: trains and shows a German-English translation in a few minutes.");
        root.SetAction(_ => TranslationDemo.Run());
        foreach (ISampleTask task in (ISampleTask[])[new TranslateTask(), new SpeechTask(), new CaptionTask()])
        {
            var command = new Command(task.Name, task.Description)
            {
                TrainCommand.Create(task), EvaluateCommand.Create(task), PredictCommand.Create(task), ConvertCommand.Create(task), ExperimentCommand.Create(task),
            };
            foreach (Command further in task.FurtherCommands)
                command.Subcommands.Add(further);
            root.Subcommands.Add(command);
        }

        return root;
    }

    public static int Run(string[] args, TextWriter error)
    {
        ParseResult parse = Create().Parse(args);
        string[] unknown = args.Contains("--") ? [] : [.. UnknownOptions(parse)];
        if (parse.Action is ParseErrorAction || unknown.Length > 0)
        {
            foreach (string message in unknown.Length > 0 ? unknown : parse.Errors.Select(e => e.Message).Distinct())
                error.WriteLine(message);
            error.WriteLine($"See '{PathOf(parse.CommandResult)} --help'.");
            return WrongUsage;
        }

        try
        {
            return parse.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (UsageException exception)
        {
            error.WriteLine(exception.Message);
            return WrongUsage;
        }
        // Where ML.NET reads rows on several threads, what went wrong is inside its own exception. The library says of data that
        // cannot be used what is wrong with them; of other programs' mistakes the place is worth more than the line.
        catch (Exception exception) when (Expected(exception) is { } expected)
        {
            error.WriteLine(expected.Message);
            return Failure;
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("Cancelled before the first epoch had ended: there is no model to save.");
            return Failure;
        }
    }

    // The outermost of them, which names the file where the cause inside it may not.
    private static Exception? Expected(Exception? exception) =>
        exception is null or SampleException or IOException or InvalidDataException or UnauthorizedAccessException or AudioFormatException or InvalidOperationException { Source: "Microsoft.ML.HLstm" }
            ? exception
            : Expected(exception.InnerException);

    // The parser gives an option that a command does not have to the option or argument before it, as one more of its values; what comes after -- is a value.
    private static IEnumerable<string> UnknownOptions(ParseResult parse) =>
        parse.CommandResult.Children.Where(child => child is OptionResult or ArgumentResult)
            .SelectMany(child => child.Tokens)
            .Where(token => token.Value.StartsWith("--", StringComparison.Ordinal))
            .Select(token => $"'{parse.CommandResult.Command.Name}' has no option {token.Value}.");

    private static string PathOf(SymbolResult result)
    {
        string name = result is CommandResult command ? command.Command.Name : "";
        return result.Parent is { } parent ? $"{PathOf(parent)} {name}" : name;
    }
}
