namespace Microsoft.ML.HLstm.Experiments;

/// <summary>Makes the experiments of tasks.</summary>
internal static class TaskTrials
{
    /// <summary>An experiment whose settings have been checked.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range; the message names it.</exception>
    public static SequenceExperiment CreateExperiment<TOptions>(MLContext mlContext, ExperimentTask<TOptions> task, SequenceExperimentSettings<TOptions> settings)
        where TOptions : SequenceTrainerOptions, new()
    {
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validate();
        return new SequenceExperiment(mlContext, settings, new TaskTrials<TOptions>(mlContext, task, settings));
    }
}

/// <summary>The trials of a task with its options.</summary>
internal sealed class TaskTrials<TOptions>(MLContext mlContext, ExperimentTask<TOptions> task, SequenceExperimentSettings<TOptions> settings) : ITaskTrials
    where TOptions : SequenceTrainerOptions, new()
{
    private readonly ExperimentMetric<TOptions> _metric = task.Metric(settings.OptimizingMetric);

    public string TaskName => task.Name;

    public string MetricName => _metric.Name;

    public bool LowerMetricIsBetter => _metric.LowerIsBetter;

    public void CheckColumns(params IReadOnlyList<IDataView> data)
    {
        // A pipeline makes its trainer's columns itself.
        if (settings.Pipeline is not null)
            return;
        IEstimator<ITransformer> trainer = task.CreateTrainer(settings.Options, SearchSpace.HLstm);
        foreach (IDataView view in data)
            trainer.GetOutputSchema(SchemaShape.Create((settings.Features?.Transform(view) ?? view).Schema));
    }

    public IReadOnlyDictionary<string, string> Fingerprint(IDataView train, IDataView validation) => ExperimentFingerprint.Of(task.Name, _metric.Name, settings, train, validation);

    public ITrialRunner CreateRunner(IDataView train, IDataView validation) => new InProcessTrialRunner<TOptions>(mlContext, task, settings, train, validation);

    public long ParametersOf(ITransformer model) => task.ParametersOf(model);
}
