using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.HLstm;

namespace Samples.Commands;

/// <summary><c>TASK convert</c>: saves a model zip again, changed in what needs no training: the precision of its weights, and what the task has beside it.</summary>
internal static class ConvertCommand
{
    public static Command Create(ISampleTask task)
    {
        Option<string> model = ModelPath.Option(task);
        var precision = EnumOption.Restrict(new Option<WeightPrecision>("--precision") { Description = "Weights of the new model, in memory and in its zip" });
        var output = new Option<string>("--output") { Description = "The model zip to write", HelpName = "OUT.zip", Required = true };
        var command = new Command("convert", "Saves a model zip changed in what needs no training.") { model, precision, output };
        foreach (Option option in task.ConvertOptions)
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetResult(precision) is null && !task.ConvertOptions.Any(option => result.GetResult(option) is { Implicit: false }))
                result.AddError($"Nothing is to change; give {string.Join(" or ", task.ConvertOptions.Prepend(precision).Select(option => option.Name))}.");
        });
        command.SetAction(parse =>
        {
            var mlContext = new MLContext();
            string from = ModelPath.Resolve(parse.GetValue(model), task);
            string to = OutputPath.ForFile(parse.GetRequiredValue(output));
            ITransformer loaded = ModelPath.Load(mlContext, from, out DataViewSchema schema);
            ITransformer changed = task.Convert(mlContext, loaded, parse);
            long before = new FileInfo(from).Length;
            if (parse.GetResult(precision) is not null)
                changed = task.WithPrecision(changed, parse.GetValue(precision));
            OutputPath.Write(to, unfinished => mlContext.Model.Save(changed, schema, unfinished));
            Console.WriteLine($"Model: {to} ({new FileInfo(to).Length:N0} bytes; it was made from {before:N0} bytes)");
            return 0;
        });
        return command;
    }
}
