using System.CommandLine;
using System.Reflection;
using Microsoft.ML;

namespace Samples.Commands;

/// <summary>Finds and reads the model zip of a command.</summary>
internal static class ModelPath
{
    public static Option<string> Option(ISampleTask task) => new("--model")
    {
        Description = task.ShippedModel is { } shipped ? $"The model zip (default: {shipped}, which ships with the samples)" : "The model zip",
        HelpName = "IN.zip",
        Required = task.ShippedModel is null,
    };

    public static string Resolve(string? given, ISampleTask task)
    {
        string path = given ?? Path.Combine(AppContext.BaseDirectory, "models", task.ShippedModel!);
        if (File.Exists(path))
            return path;
        throw new SampleException(given is null
            ? $"The model {path} that ships with the samples is not there; train one with '{task.Name} train' and name it with --model."
            : $"The model {path} does not exist.");
    }

    public static ITransformer Load(MLContext mlContext, string path) => Load(mlContext, path, out _);

    /// <summary>Also gives the schema of what the model reads, to save it again.</summary>
    public static ITransformer Load(MLContext mlContext, string path, out DataViewSchema schema)
    {
        try
        {
            return mlContext.Model.Load(path, out schema);
        }
        // ML.NET reports a damaged zip with whatever the first reader that stumbles throws.
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // It calls what reads a part by reflection, which wraps the part's own exception.
            Exception cause = exception is TargetInvocationException { InnerException: { } inner } ? inner : exception;
            throw new SampleException($"The model {path} cannot be read: {FirstLine(cause.Message)}");
        }
    }

    /// <summary>What is done with a model and the columns of this command, which need not be those that another program trained it with.</summary>
    /// <exception cref="SampleException">It reads other columns.</exception>
    public static T Reading<T>(string path, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (ArgumentException exception)
        {
            throw new SampleException($"The model {path} does not read the columns of this command: {FirstLine(exception.Message)}");
        }
    }

    private static string FirstLine(string text) => text.AsSpan().Trim().ToString().Split('\n')[0].TrimEnd('\r');
}
