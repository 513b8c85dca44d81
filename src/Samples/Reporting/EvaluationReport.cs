using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.HLstm;
using Samples.Commands;
using Spectre.Console;

namespace Samples.Reporting;

/// <summary>An evaluation as a table and as JSON.</summary>
internal sealed class EvaluationReport(ISampleTask task, Evaluation evaluation, string modelPath)
{
    private static readonly JsonSerializerOptions _json = new() { WriteIndented = true };

    private readonly long _zipBytes = new FileInfo(modelPath).Length;

    public void Write(IAnsiConsole console)
    {
        ModelStatistics size = evaluation.Statistics;
        Table table = new Table().Border(TableBorder.Rounded).HideHeaders().AddColumns("", "");
        foreach ((string name, double value) in evaluation.Metrics)
            Add(name, value.ToString("F2", CultureInfo.InvariantCulture));
        foreach ((string name, long value) in evaluation.Counts)
            Add(name, value.ToString("N0", CultureInfo.InvariantCulture));
        Add("signature", evaluation.Signature);
        Add(task.RowName + "s", evaluation.Rows.ToString("N0", CultureInfo.InvariantCulture));
        Add("recurrent parameters", Share(size.ActiveRecurrentParameters, size.RecurrentParameters));
        Add("all parameters", Share(size.ActiveParameters, size.Parameters));
        Add("FLOPs per step", size.FlopsPerStep.ToString("N0", CultureInfo.InvariantCulture));
        Add("zip bytes", _zipBytes.ToString("N0", CultureInfo.InvariantCulture));
        Add($"milliseconds per {task.RowName}", evaluation.MillisecondsPerRow.ToString("F2", CultureInfo.InvariantCulture));
        foreach ((string name, double value) in evaluation.Speeds)
            Add(name, value.ToString("F2", CultureInfo.InvariantCulture));
        console.Write(table);
        // Not through Spectre, which would wrap lines that stand below each other.
        foreach (string row in evaluation.Worst)
            console.Profile.Out.Writer.WriteLine(row + "\n");

        void Add(string name, string value) => table.AddRow(Markup.Escape(name), Markup.Escape(value));
    }

    public string ToJson()
    {
        ModelStatistics size = evaluation.Statistics;
        return new JsonObject
        {
            ["task"] = task.Name,
            ["model"] = Path.GetFileName(modelPath),
            ["metrics"] = Numbers(evaluation.Metrics),
            ["counts"] = Numbers(evaluation.Counts),
            ["signature"] = evaluation.Signature,
            [task.RowName + "s"] = evaluation.Rows,
            ["recurrentParameters"] = size.RecurrentParameters,
            ["activeRecurrentParameters"] = size.ActiveRecurrentParameters,
            ["parameters"] = size.Parameters,
            ["activeParameters"] = size.ActiveParameters,
            ["flopsPerStep"] = size.FlopsPerStep,
            ["zipBytes"] = _zipBytes,
            [$"millisecondsPer{char.ToUpperInvariant(task.RowName[0])}{task.RowName[1..]}"] = evaluation.MillisecondsPerRow,
            ["speeds"] = Numbers(evaluation.Speeds),
            ["worst"] = new JsonArray([.. evaluation.Worst.Select(row => JsonValue.Create(row))]),
        }.ToJsonString(_json);
    }

    private static JsonObject Numbers<T>(IReadOnlyDictionary<string, T> numbers) =>
        new(numbers.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)JsonValue.Create(entry.Value))));

    private static string Share(long active, long all) => string.Create(CultureInfo.InvariantCulture,
        $"{active:N0} active of {all:N0} ({(double)active / Math.Max(1, all):P1})");
}
