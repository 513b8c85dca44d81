using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.ML.HLstm;
using Samples.Commands;

namespace Samples.Reporting;

/// <summary>A run on one page: result, phases, options.</summary>
internal static class MarkdownSummary
{
    // What a run was told to look at or to tell is no property of the model.
    private static readonly string[] _left =
    [
        nameof(SequenceTrainerOptions.Progress), nameof(SequenceTrainerOptions.CancellationToken),
        nameof(SequenceTrainerOptions.ValidationSet), nameof(SequenceTrainerOptions.ReturnBestOnCancel),
    ];

    public static string Write(ISampleTask task, TrainedModel trained, string plotFile)
    {
        IReadOnlyList<PhaseSummary> phases = PhaseSummary.From(trained.History, task.LowerMetricIsBetter);
        ModelStatistics size = trained.Statistics;
        TrainingHistoryEntry? kept = trained.History.Epochs.LastOrDefault(entry => entry.Best);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {task.Name}: training run\n\n");
        if (kept is not null)
            text.Append(CultureInfo.InvariantCulture, $"Validation {trained.History.MetricName} of the model that was kept: **{kept.Metric:F2}** (epoch {kept.Epoch}).\n");
        text.Append(CultureInfo.InvariantCulture, $"Recurrent parameters: {size.ActiveRecurrentParameters:N0} active of {size.RecurrentParameters:N0}; ");
        text.Append(CultureInfo.InvariantCulture, $"all parameters: {size.ActiveParameters:N0} active of {size.Parameters:N0}; {size.FlopsPerStep:N0} weight FLOPs a step.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"![{trained.History.MetricName} and active connections over epochs]({plotFile})\n\n## Phases\n\n");
        AppendTable(text, PhaseTable.Header(trained.History.MetricName), phases.Select(PhaseTable.Row));
        foreach (string decision in trained.History.Decisions)
            text.Append(CultureInfo.InvariantCulture, $"\n{decision}\n");
        text.Append("\n## Options\n\n");
        AppendTable(text, ["Option", "Value"], [["Algorithm", trained.Algorithm.ToString()], .. Options(trained.Options, "")]);
        return text.ToString();
    }

    private static void AppendTable(StringBuilder text, string[] header, IEnumerable<string[]> rows)
    {
        text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", header)} |\n|{string.Concat(header.Select(_ => "---|"))}\n");
        foreach (string[] row in rows)
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row)} |\n");
    }

    /// <summary>Every option by name; those of an options record inside follow under its name.</summary>
    private static IEnumerable<string[]> Options(object options, string prefix)
    {
        foreach (PropertyInfo property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            if (_left.Contains(property.Name) || property.GetIndexParameters().Length > 0)
                continue;
            object? value = property.GetValue(options);
            if (value is GrowAndPruneSchedule or DecodingOptions or CtcDecodingOptions)
            {
                foreach (string[] row in Options(value, prefix + property.Name + "."))
                    yield return row;
                continue;
            }

            string shown = value switch
            {
                null => "default",
                IEnumerable list and not string => string.Join("; ", list.Cast<object>()),
                _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
            };
            yield return [prefix + property.Name, shown];
        }
    }
}
