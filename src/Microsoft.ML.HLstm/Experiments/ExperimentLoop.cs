using System.Diagnostics;

namespace Microsoft.ML.HLstm.Experiments;

/// <summary>Runs trial after trial, or some at a time, until there is no budget left. What the trials are is left to others.</summary>
/// <param name="settings">The settings.</param>
/// <param name="folder">Where trials are kept.</param>
/// <param name="tuner">Proposes points.</param>
/// <param name="runner">Runs trials.</param>
/// <param name="measure">Adds size and latency, as measured from the zip, to a result.</param>
/// <param name="progress">Told of every trial that has ended.</param>
internal sealed class ExperimentLoop(
    ExperimentSettings settings, ExperimentFolder folder, ITuner tuner, ITrialRunner runner,
    Func<TrialResult, CancellationToken, TrialResult> measure, Action<TrialResult, IReadOnlyList<TrialResult>> progress) : IDisposable
{
    /// <summary>When so many trials have failed and none has a model, the next ones would too.</summary>
    private const int FailuresBeforeGivingUp = 10;

    /// <summary>A trial that was cancelled has this long to end; then it is left behind.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(4);

    private readonly SuccessiveHalving _halving = new(settings.Budgets);
    private readonly List<TrialResult> _results = [.. folder.Finished];
    private readonly Queue<TrialSettings> _brokenOff = new(folder.BrokenOff);
    private readonly HashSet<int> _continued =
        [.. folder.Finished.Select(result => result.TrialSettings).Concat(folder.BrokenOff).Select(trial => trial.ContinuedFrom).OfType<int>()];

    // Latencies are measured one at a time.
    private readonly SemaphoreSlim _measuring = new(1);
    private int _started = Math.Max(folder.Finished.Select(result => result.TrialSettings.TrialId).DefaultIfEmpty().Max(), folder.BrokenOff.Select(trial => trial.TrialId).DefaultIfEmpty().Max());

    /// <summary>Runs until time or trials are used up or <paramref name="stop"/> is cancelled. Returns all results.</summary>
    public async Task<IReadOnlyList<TrialResult>> RunAsync(CancellationToken stop)
    {
        foreach (TrialResult result in _results)
            tuner.Update(result);
        var running = new List<Task<TrialResult?>>();
        while (true)
        {
            while (running.Count < settings.MaxConcurrentTrials && !stop.IsCancellationRequested && Next() is { } trial)
                running.Add(RunAsync(trial, stop));
            if (running.Count == 0)
                return _results;
            Task<TrialResult?> ended = await Task.WhenAny(running).ConfigureAwait(false);
            running.Remove(ended);
            if (await ended.ConfigureAwait(false) is { } result)
                End(result);
        }
    }

    public void Dispose() => _measuring.Dispose();

    private TrialSettings? Next()
    {
        if (_brokenOff.TryDequeue(out TrialSettings? again))
            return Begin(again with { MaximumMemoryUsageInMegaByte = settings.MaximumMemoryUsageInMegaByte });
        if (_started >= settings.MaxTrials || (_results.Count >= FailuresBeforeGivingUp && !_results.Exists(result => result.Succeeded)))
            return null;
        int id = ++_started;
        var trial = new TrialSettings
        {
            TrialId = id,
            Parameter = new ParameterSet([]),
            Budget = _halving.First,
            Seed = TrialRandom.SeedOf(settings.Seed, id),
            ModelPath = folder.ModelPath(id),
            MaximumMemoryUsageInMegaByte = settings.MaximumMemoryUsageInMegaByte,
        };
        if (_halving.Next([.. _results.Where(result => result.Succeeded)], _continued) is not { } next)
            return Begin(trial with { Parameter = tuner.Propose(trial) });
        TrialSettings from = next.From.TrialSettings;
        _continued.Add(from.TrialId);
        return Begin(trial with
        {
            Parameter = from.Parameter,
            Budget = next.Budget,
            BudgetBefore = from.Budget,
            ContinuedFrom = from.TrialId,
            InitialModelPath = from.ModelPath,
        });
    }

    private TrialSettings Begin(TrialSettings trial)
    {
        folder.Begin(trial);
        settings.Monitor?.ReportRunningTrial(trial);
        return trial;
    }

    /// <summary>The result of a trial; null when it was given up because the experiment ends.</summary>
    private async Task<TrialResult?> RunAsync(TrialSettings trial, CancellationToken stop)
    {
        var watch = Stopwatch.StartNew();
        Task<TrialResult> whole = MeasuredAsync(trial, stop);
        try
        {
            using var patience = new CancellationTokenSource();
            using CancellationTokenRegistration registration = stop.Register(() => patience.CancelAfter(_patience));
            return await whole.WaitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
#pragma warning disable CA1031 // Whatever a trial throws is its failure and not the end of the experiment.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return new TrialResult { TrialSettings = trial, Exception = failure.ToString(), DurationInMilliseconds = watch.Elapsed.TotalMilliseconds };
        }
    }

    private async Task<TrialResult> MeasuredAsync(TrialSettings trial, CancellationToken stop)
    {
        TrialResult result = await runner.RunAsync(trial, stop).ConfigureAwait(false) with { TrialSettings = trial };
        if (!result.Succeeded)
            return result;
        if (!double.IsFinite(result.Metric))
            throw new InvalidOperationException($"The metric of the trial is {result.Metric}; it must be a finite number.");
        await _measuring.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => measure(result, stop), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _measuring.Release();
        }
    }

    private void End(TrialResult result)
    {
        _results.Add(result);
        _results.Sort((a, b) => a.TrialSettings.TrialId.CompareTo(b.TrialSettings.TrialId));
        tuner.Update(result);
        folder.End(result, _results);
        // Not before: a trial that is broken off while it is measured need not train again.
        if (Directory.Exists(result.TrialSettings.CheckpointFolder))
            Directory.Delete(result.TrialSettings.CheckpointFolder, recursive: true);
        if (!result.Succeeded)
        {
            settings.Monitor?.ReportFailTrial(result);
        }
        else
        {
            settings.Monitor?.ReportCompletedTrial(result);
            if (ReferenceEquals(TrialRanking.Best([.. _results.Where(other => other.Succeeded)], settings.Goal, settings.AllowedLoss), result))
                settings.Monitor?.ReportBestTrial(result);
        }

        progress(result, _results);
    }
}
