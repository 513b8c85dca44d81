using System.Globalization;
using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Experiments;

/// <summary>What must stay the same for an experiment to go on with the trials of its folder.</summary>
internal static class ExperimentFingerprint
{
    // What a trial is told by the experiment, and what does not change its model.
    private static readonly HashSet<string> _left =
        [nameof(SequenceTrainerOptions.ValidationSet), nameof(SequenceTrainerOptions.Seed), nameof(SequenceTrainerOptions.Threads)];

    /// <summary>Names and values.</summary>
    public static IReadOnlyDictionary<string, string> Of<TOptions>(string task, string metric, SequenceExperimentSettings<TOptions> settings, IDataView train, IDataView validation)
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
            ["training rows"] = ParameterSet.Text(TrainingRows.Count(train)),
            ["validation rows"] = ParameterSet.Text(TrainingRows.Count(validation)),
        };
        foreach ((string name, OptionBase option) in settings.SearchSpace)
            values["search " + name] = option.ToString();
        foreach (ReportedOption option in OptionList.Of(settings.Options).Where(option => !_left.Contains(option.Name)))
            values["option " + option.Name] = option.Value;
        return values;
    }
}
