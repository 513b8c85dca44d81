namespace Microsoft.ML.HLstm.Experiments;

/// <summary>What an experiment needs to know of a task.</summary>
/// <param name="Name">What models of the task do, such as "Translation".</param>
/// <param name="Metrics">What they can be compared by; the first is the default.</param>
/// <param name="CreateTrainer">Makes the trainer, for <see cref="SearchSpace.HLstm"/> or <see cref="SearchSpace.Lstm"/>.</param>
/// <param name="FitFrom">Trains on from a trained model; null where the task cannot.</param>
/// <param name="Statistics">The size of the task's transformer; null for any other.</param>
internal sealed record ExperimentTask<TOptions>(
    string Name, IReadOnlyList<ExperimentMetric<TOptions>> Metrics,
    Func<TOptions, string, IEstimator<ITransformer>> CreateTrainer,
    Func<IEstimator<ITransformer>, IDataView, ITransformer, ITransformer>? FitFrom,
    Func<ITransformer, ModelStatistics?> Statistics)
    where TOptions : SequenceTrainerOptions, new()
{
    /// <summary>The metric of this name; null means the first.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public ExperimentMetric<TOptions> Metric(string? name) => name is null
        ? Metrics[0]
        : Metrics.FirstOrDefault(metric => metric.Name == name)
            ?? throw OptionChecks.OutOfRange(nameof(ExperimentSettings.OptimizingMetric), name, "one of " + string.Join(", ", Metrics.Select(metric => metric.Name)));

    /// <summary>The weights of a model, which may be a chain, that are not zero.</summary>
    /// <exception cref="InvalidOperationException">There is no transformer of the task in it.</exception>
    public long ParametersOf(ITransformer model) => Flatten(model).Select(Statistics).LastOrDefault(found => found is not null)?.ActiveParameters
        ?? throw new InvalidOperationException($"The model has no transformer for {Name}: it has {string.Join(", ", Flatten(model).Select(part => part.GetType().Name))}.");

    /// <summary>The transformers of a model.</summary>
    public static IEnumerable<ITransformer> Flatten(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];
}
