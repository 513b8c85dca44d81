namespace Microsoft.ML.HLstm;

/// <summary>What an experiment with a sequence trainer can be told.</summary>
/// <typeparam name="TOptions">The options of the task's trainers, such as <see cref="TranslationOptions"/>.</typeparam>
public sealed class SequenceExperimentSettings<TOptions> : ExperimentSettings where TOptions : SequenceTrainerOptions, new()
{
    /// <summary>
    /// What holds for every trial, where the search space says nothing: column names, epochs, threads. Seed, validation data and
    /// cancellation come from the experiment. The schedule is <see cref="GrowAndPruneSchedule.Compact"/>.
    /// </summary>
    public TOptions Options { get; set; } = new TOptions { GrowAndPrune = GrowAndPruneSchedule.Compact };

    /// <summary>
    /// What makes the trainer's columns of the experiment's data, such as a spectrogram, the same for all trials; a part of every
    /// model. Null where the data has them.
    /// </summary>
    public ITransformer? Features { get; set; }

    /// <summary>
    /// Makes the pipeline of a trial from its point and from the trainer's options for it; null means the task's trainer alone.
    /// The search space may then have names that are none of the options', and <see cref="SequenceTrainerOptions.ValidationSet"/>
    /// is left to the pipeline, because its trainer does not read the experiment's own columns. A trial that goes on with a
    /// larger budget is trained anew.
    /// </summary>
    public Func<ParameterSet, TOptions, IEstimator<ITransformer>>? Pipeline { get; set; }

    internal override void Validate()
    {
        base.Validate();
        OptionChecks.NotNull(Options, nameof(Options));
        foreach (string name in SearchSpace.Names)
            Experiments.OptionNames.Check(typeof(TOptions), name, Pipeline is not null);
        if (Options.GrowAndPrune == GrowAndPruneSchedule.None && SearchSpace.Names.FirstOrDefault(name => name.StartsWith(nameof(Options.GrowAndPrune) + ".", StringComparison.Ordinal)) is { } ofSchedule)
            throw new ArgumentException($"The search space has '{ofSchedule}', which has no effect with {nameof(GrowAndPruneSchedule)}.{nameof(GrowAndPruneSchedule.None)}; set another schedule or remove it.");
        Options.Validate();
    }
}
