using System.Globalization;

namespace Microsoft.ML.HLstm.Experiments;

/// <summary>What must stay the same for an experiment to go on with the trials of its folder.</summary>
internal static class ExperimentFingerprint
{
    // What a trial is told by the experiment, and what does not change its model.
    private static readonly HashSet<string> _left =
    [
        nameof(SequenceTrainerOptions.Progress), nameof(SequenceTrainerOptions.CancellationToken), nameof(SequenceTrainerOptions.ReturnBestOnCancel),
        nameof(SequenceTrainerOptions.ValidationSet), nameof(SequenceTrainerOptions.Seed), nameof(SequenceTrainerOptions.Threads), "CheckpointFolder", "CheckpointInterval",
    ];

    /// <summary>Names and values.</summary>
    public static IReadOnlyDictionary<string, string> Of<TOptions>(string task, string metric, SequenceExperimentSettings<TOptions> settings, IDataView train)
        where TOptions : SequenceTrainerOptions, new()
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["task"] = task,
            [nameof(settings.OptimizingMetric)] = metric,
            [nameof(settings.Seed)] = ParameterSet.Text(settings.Seed),
            [nameof(settings.Budgets)] = string.Join(", ", settings.Budgets.Select(budget => budget.ToString("R", CultureInfo.InvariantCulture))),
            [nameof(settings.Pipeline)] = settings.Pipeline is null ? "the trainer" : "a pipeline",
            [nameof(settings.Features)] = settings.Features is null ? "none" : string.Join(", ", ExperimentTask<TOptions>.Flatten(settings.Features).Select(part => part.GetType().Name)),
            ["training rows"] = train.GetRowCount() is { } rows ? ParameterSet.Text(rows) : "unknown",
        };
        foreach ((string name, OptionBase option) in settings.SearchSpace)
            values["search " + name] = option.ToString();
        foreach (System.Reflection.PropertyInfo property in typeof(TOptions).GetProperties())
        {
            if (!_left.Contains(property.Name))
                values["option " + property.Name] = property.GetValue(settings.Options) is { } value ? ParameterSet.Text(value) : "default";
        }

        return values;
    }
}
