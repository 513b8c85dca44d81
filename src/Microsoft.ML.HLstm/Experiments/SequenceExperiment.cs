using Microsoft.ML.HLstm.Experiments;

namespace Microsoft.ML.HLstm;

/// <summary>
/// Trains many models within a budget and ranks them: the most accurate, the smallest, the fastest, and everything worth
/// having between them. Made by the task's catalog, as in <c>mlContext.Translation.CreateExperiment(settings)</c>.
/// </summary>
/// <remarks>
/// Models are compared on the validation data, which also steers their training. How good the chosen one is, is for data to say
/// that it has not been chosen by.
/// </remarks>
public sealed class SequenceExperiment
{
    private readonly MLContext _mlContext;
    private readonly ExperimentSettings _settings;
    private readonly ITaskTrials _trials;

    internal SequenceExperiment(MLContext mlContext, ExperimentSettings settings, ITaskTrials trials) =>
        (_mlContext, _settings, _trials) = (mlContext, settings, trials);

    /// <summary>Runs the experiment to its end.</summary>
    /// <param name="trainData">What models are trained on.</param>
    /// <param name="validationData">What they are compared on.</param>
    /// <param name="progressHandler">Told of every trial that has ended.</param>
    /// <returns>What was found, as far as the budget or the cancellation let it come.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or is not of its type (without a pipeline of one's own).</exception>
    /// <exception cref="InvalidOperationException">The folder has an experiment with other settings.</exception>
    /// <exception cref="AggregateException">No trial succeeded; the inner exceptions are their failures.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before any trial had ended.</exception>
    /// <exception cref="TimeoutException">The time was up before any trial had ended.</exception>
    public ExperimentResult Execute(IDataView trainData, IDataView validationData, IProgress<RunDetail>? progressHandler = null) =>
        ExecuteAsync(trainData, validationData, progressHandler, CancellationToken.None).GetAwaiter().GetResult();

    /// <inheritdoc cref="Execute"/>
    public async Task<ExperimentResult> ExecuteAsync(IDataView trainData, IDataView validationData, IProgress<RunDetail>? progressHandler = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        ArgumentNullException.ThrowIfNull(validationData);
        _trials.CheckColumns(trainData, validationData);
        var folder = new ExperimentFolder(_settings.CheckpointFolder, _trials.Fingerprint(trainData, validationData), _trials.MetricName, _settings.SearchSpace.Names);
        var measurement = new ModelMeasurement(_mlContext, validationData, _trials.ParametersOf, folder.Finished);
        ITuner tuner = _settings.Tuner?.Invoke(_settings.SearchSpace, _settings.Seed) ?? new GaussianProcessTuner(_settings.SearchSpace, _settings.Seed);
        ITrialRunner runner = _settings.TrialRunner ?? _trials.CreateRunner(trainData, validationData);
        using CancellationTokenSource cancelled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _settings.CancellationToken);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancelled.Token);
        if (_settings.MaxExperimentTime is { } time)
            stop.CancelAfter(time);
        using var loop = new ExperimentLoop(_settings, folder, tuner, runner, measurement.Measure, (result, all) =>
        {
            if (all.Any(one => one.Succeeded))
                WriteReport(folder, all);
            progressHandler?.Report(new RunDetail(result));
        });
        IReadOnlyList<TrialResult> results = await loop.RunAsync(stop.Token).ConfigureAwait(false);
        if (results.Any(result => result.Succeeded))
            return WriteReport(folder, results);
        if (results.Count == 0)
        {
            cancelled.Token.ThrowIfCancellationRequested();
            throw new TimeoutException($"No trial had ended after {nameof(_settings.MaxExperimentTime)} ({_settings.MaxExperimentTime}); allow more time, or make trials shorter.");
        }

        throw new AggregateException($"None of the {results.Count} trials succeeded.", results.Select(result => new InvalidOperationException($"Trial {result.TrialSettings.TrialId} ({result.TrialSettings.Parameter}) failed: {result.Exception}")));
    }

    /// <summary>
    /// Runs the one trial of a file that a <see cref="ProcessTrialRunner"/> has written, and writes its result for that one to
    /// read; failures too. For the program that runs in the child process, with the same settings and data.
    /// </summary>
    /// <param name="trialPath">The file.</param>
    /// <param name="trainData">What models are trained on.</param>
    /// <param name="validationData">What they are compared on.</param>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public void RunTrial(string trialPath, IDataView trainData, IDataView validationData)
    {
        TrialSettings trial = TrialJson.Read<TrialSettings>(trialPath);
        using ITrialRunner runner = _trials.CreateRunner(trainData, validationData);
        TrialResult result;
        try
        {
            // The process that started this one watches its memory.
            result = runner.RunAsync(trial with { MaximumMemoryUsageInMegaByte = null }, _settings.CancellationToken).GetAwaiter().GetResult();
        }
#pragma warning disable CA1031 // Whatever a trial throws is its failure.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            result = new TrialResult { TrialSettings = trial, Exception = failure.ToString() };
        }

        TrialJson.Write(ProcessTrialRunner.ResultPath(trialPath), result);
    }

    private ExperimentResult WriteReport(ExperimentFolder folder, IReadOnlyList<TrialResult> results)
    {
        var result = new ExperimentResult(folder.Path, _trials.MetricName, _trials.LowerMetricIsBetter, results, _settings.Goal, _settings.AllowedLoss);
        AtomicFile.Write(folder.ReportPath, Experiments.Reports.ExperimentReport.Write(_trials.TaskName, result));
        return result;
    }
}
