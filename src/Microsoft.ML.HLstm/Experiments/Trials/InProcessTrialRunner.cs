using System.Diagnostics;
using Microsoft.ML.Data;

namespace Microsoft.ML.HLstm.Experiments;

/// <summary>Runs trials in this process.</summary>
internal sealed class InProcessTrialRunner<TOptions>(
    MLContext mlContext, ExperimentTask<TOptions> task, SequenceExperimentSettings<TOptions> settings, IDataView train, IDataView validation) : ITrialRunner
    where TOptions : SequenceTrainerOptions, new()
{
    private readonly Lazy<int> _rows = new(() => TrainingRows.Count(settings.Features?.Transform(train) ?? train, settings.Options.LabelColumnName));

    public Task<TrialResult> RunAsync(TrialSettings settings, CancellationToken ct) => Task.Run(() =>
    {
        using var watch = new MemoryWatch(() => Environment.WorkingSet, settings.MaximumMemoryUsageInMegaByte, ct);
        try
        {
            return Run(settings, watch.Token) with { PeakMemoryInMegaByte = watch.PeakInMegaByte };
        }
        catch (OperationCanceledException)
        {
            watch.ThrowIfExceeded();
            throw;
        }
    }, CancellationToken.None);

    public void Dispose()
    {
    }

    /// <summary>The estimator of a trial; making it checks its options.</summary>
    public IEstimator<ITransformer> CreateEstimator(TrialSettings trial, CancellationToken cancellationToken)
    {
        TOptions options = OptionNames.Apply(settings.Options, trial.Parameter);
        options.Seed = trial.Seed;
        options.CancellationToken = cancellationToken;
        options.ReturnBestOnCancel = false;
        // An experiment that was killed goes on with the trial that was running.
        if (settings.CheckpointFolder is not null)
            options.CheckpointFolder = trial.CheckpointFolder;
        int rows = options.Epochs is null ? _rows.Value : 0;
        if (GoesOn(trial))
            TrialEpochs.GoOn(options, rows, trial.Budget, trial.BudgetBefore);
        else
            TrialEpochs.Begin(options, rows, trial.Budget);
        if (settings.Pipeline is { } pipeline)
            return pipeline(trial.Parameter, options);
        options.ValidationSet = WithFeatures(validation);
        return task.CreateTrainer(options, trial.Parameter.Get(SearchSpace.Algorithm, SearchSpace.HLstm));
    }

    private IDataView WithFeatures(IDataView data) => settings.Features?.Transform(data) ?? data;

    private bool GoesOn(TrialSettings trial) => trial.InitialModelPath is not null && task.FitFrom is not null && settings.Pipeline is null;

    private TrialResult Run(TrialSettings trial, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        IEstimator<ITransformer> estimator = CreateEstimator(trial, cancellationToken);
        ITransformer model = GoesOn(trial)
            ? task.FitFrom!(estimator, WithFeatures(train), ExperimentTask<TOptions>.Flatten(mlContext.Model.Load(trial.InitialModelPath, out _)).Last())
            : estimator.Fit(WithFeatures(train));
        if (settings.Features is { } features)
            model = new TransformerChain<ITransformer>([.. ExperimentTask<TOptions>.Flatten(features), .. ExperimentTask<TOptions>.Flatten(model)]);
        cancellationToken.ThrowIfCancellationRequested();
        ExperimentMetric<TOptions> metric = task.Metric(settings.OptimizingMetric);
        double value = metric.Evaluate(model.Transform(validation), settings.Options);
        cancellationToken.ThrowIfCancellationRequested();
        AtomicFile.Write(trial.ModelPath, path => mlContext.Model.Save(model, train.Schema, path));
        return new TrialResult
        {
            TrialSettings = trial,
            Metric = value,
            Loss = metric.LowerIsBetter ? value : -value,
            DurationInMilliseconds = watch.Elapsed.TotalMilliseconds,
        };
    }
}
