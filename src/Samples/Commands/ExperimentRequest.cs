using System.CommandLine;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.HLstm;

namespace Samples.Commands;

/// <summary>What the command line says about an experiment, for the task to put its trainer's options to.</summary>
/// <param name="Parse">The command line.</param>
/// <param name="Shared">The options that every task's trainers have.</param>
/// <param name="Train">What models are trained on.</param>
/// <param name="Configure">Sets what is the same for all tasks.</param>
internal sealed record ExperimentRequest(ParseResult Parse, OptionSet<SequenceTrainerOptions> Shared, IDataView Train, Action<ExperimentSettings> Configure)
{
    /// <summary>The settings. Trainer options that the command line names are not searched over.</summary>
    /// <exception cref="UsageException">An option or a setting is out of its range.</exception>
    public SequenceExperimentSettings<TOptions> Settings<TOptions>(TOptions options, OptionSet<TOptions> ofTask) where TOptions : SequenceTrainerOptions, new() => UsageException.Catch(() =>
    {
        Shared.Apply(Parse, options);
        options = ofTask.Apply(Parse, options);
        options.GrowAndPrune = GrowAndPruneSchedule.Compact;
        var settings = new SequenceExperimentSettings<TOptions> { Options = options };
        foreach (string name in Shared.Given(Parse).Concat(ofTask.Given(Parse)))
            settings.SearchSpace.Remove(PropertyName(name));
        Configure(settings);
        return settings;
    });

    /// <summary>Puts <c>NAME=VALUE,...</c> into a search space.</summary>
    /// <exception cref="UsageException">It is not of that form.</exception>
    public static void Narrow(SearchSpace space, string text)
    {
        string[] parts = text.Split('=', 2);
        string[] values = parts.Length == 2 ? parts[1].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [];
        if (values.Length == 0 || string.IsNullOrWhiteSpace(parts[0]))
            throw new UsageException($"--search is '{text}'; allowed is a name with one or more values, such as StateSize=64,128.");
        space[parts[0]] = new ChoiceOption([.. values.Select(Value)]);
    }

    private static object Value(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int whole) ? whole
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number
        : bool.TryParse(text, out bool truth) ? truth
        : text;

    /// <summary><c>--state-size</c> is <c>StateSize</c>.</summary>
    private static string PropertyName(string option) =>
        string.Concat(option.Split('-', StringSplitOptions.RemoveEmptyEntries).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
