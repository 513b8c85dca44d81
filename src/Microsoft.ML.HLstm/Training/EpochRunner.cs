using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.HLstm.GrowAndPrune;
using Microsoft.ML.Runtime;
using TorchSharp;

namespace Microsoft.ML.HLstm.Training;

/// <summary>Runs epochs: batches, optimizer steps, validation; reports progress and looks at the cancellation token.</summary>
internal sealed class EpochRunner(ITrainableNetwork network, SequenceTrainerOptions options, Random random, IChannel log, int plannedEpochs)
{
    private readonly MaskedAdam _adam = new(network.Parameters, options.WeightAveraging);
    private readonly Stopwatch _elapsed = Stopwatch.StartNew();
    private double _metric = double.NaN;
    private double _bestMetric = double.NaN;

    /// <summary>Trains one epoch and validates the averaged weights.</summary>
    /// <param name="phase">The phase, for reports.</param>
    /// <param name="epoch">The number of the epoch, from 1.</param>
    /// <param name="learningRate">The learning rate at a share of the epoch from 0 to 1.</param>
    public EpochResult Run(TrainingPhase phase, int epoch, Func<double, double> learningRate)
    {
        TimeSpan start = _elapsed.Elapsed;
        // libtorch's memory is invisible to the garbage collector: without this, what waits to be collected piles up.
        GC.Collect();
        network.Module.train();
        List<int[]> batches = epoch == 1 && options.SortedFirstEpoch ? LengthBuckets.Sorted(network.Rows, options.BatchSize, network.Length) : Batches();
        double lossSum = 0;
        long predictions = 0;
        for (int i = 0; i < batches.Count; i++)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            (double loss, int count) = Backward(batches[i], epoch, i, activeOnly: true);
            double norm = _adam.GradientNorm();
            if (!double.IsFinite(norm))
                throw NotFinite("gradient", norm, epoch, i, batches[i]);
            _adam.Step(learningRate((double)i / batches.Count), Math.Min(1, options.MaximumGradientNorm / (norm + 1e-12)));
            lossSum += loss * count;
            predictions += count;
            Report(phase, epoch, i + 1, batches.Count, lossSum / predictions);
        }

        (_metric, long flops) = WithAverages(() => network.Validate(options.CancellationToken));
        _bestMetric = double.IsNaN(_bestMetric) ? _metric : Math.Max(_bestMetric, _metric);
        double seconds = (_elapsed.Elapsed - start).TotalSeconds;
        var result = new EpochResult(lossSum / Math.Max(1, predictions), _metric, flops, learningRate(0), seconds);
        Report(phase, epoch, batches.Count, batches.Count, result.Loss);
        Log(string.Create(CultureInfo.InvariantCulture,
            $"{phase} epoch {epoch}/{plannedEpochs}: loss {result.Loss:F4}, {network.MetricName} {result.Metric:F4}, connections {Active} of {Total}, {seconds:F1} s"));
        return result;
    }

    /// <summary>The validation metric of the network as it is, before training on from it.</summary>
    public double Validate()
    {
        (_metric, _) = network.Validate(options.CancellationToken);
        _bestMetric = _metric;
        Log(string.Create(CultureInfo.InvariantCulture, $"The initial model: {network.MetricName} {_metric:F4}, connections {Active} of {Total}"));
        return _metric;
    }

    /// <summary>Grows every masked matrix by the average gradient over batches, dropout off.</summary>
    public void Grow(GrowAndPruneSchedule schedule)
    {
        network.Module.eval();
        _adam.ZeroGradients();
        foreach (int[] batch in Batches().Take(schedule.GrowthBatches))
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            Backward(batch, 0, 0, activeOnly: false);
        }

        foreach (TrainedParameter parameter in network.Parameters)
        {
            if (parameter.Matrix is { } matrix)
                parameter.WithGradient(sum => Growth.Activate(matrix, Growth.Scores(schedule.GrowthCriterion, sum, random), schedule.GrowthRatio));
        }

        _adam.ZeroGradients();
    }

    /// <summary>Lets the network as it is predict the training data, for later epochs to learn from.</summary>
    public void Teach(double share)
    {
        Log("The best model predicts the training data, for pruned ones to learn from.");
        // The kernels still know the connections of the last batch, and the network may have gone back to others.
        Compute(activeOnly: true);
        network.BecomeTeacher(share, options.CancellationToken);
    }

    /// <summary>Starts the optimizer anew from the network's present weights.</summary>
    public void Restart() => _adam.Restart();

    /// <summary>Keeps the averaged weights, as a model that could be returned.</summary>
    public void Snapshot(ModelSnapshot snapshot, double metric) => WithAverages(() =>
    {
        snapshot.Take(network.Activation, metric);
        return snapshot;
    });

    /// <summary>A line for the log.</summary>
    public void Log(string message) => log.Info(message);

    /// <summary>A warning for the log.</summary>
    public void Warn(string message) => log.Warning(message);

    private long Active => network.Parameters.Sum(p => (long)(p.Matrix?.ActiveCount ?? 0));

    private long Total => network.Parameters.Sum(p => (long)(p.Matrix?.Count ?? 0));

    private List<int[]> Batches() => LengthBuckets.Batches(network.Rows, options.BatchSize, network.Length, random);

    /// <summary>
    /// Adds a batch's gradient, of all connections or of the active ones only, to what the parameters have; returns its mean
    /// loss and number of predictions.
    /// </summary>
    private (double Loss, int Predictions) Backward(int[] rows, int epoch, int batch, bool activeOnly)
    {
        using var scope = torch.NewDisposeScope();
        // For each batch, because growth and pruning change masks between batches.
        Compute(activeOnly);
        (torch.Tensor loss, int predictions) = network.Loss(rows);
        float value = loss.item<float>();
        if (!float.IsFinite(value))
            throw NotFinite("loss", value, epoch, batch, rows);
        loss.backward();
        return (value, predictions);
    }

    private void Compute(bool activeOnly)
    {
        foreach (TrainedParameter parameter in network.Parameters)
            parameter.Compute(activeOnly);
    }

    private NonFiniteLossException NotFinite(string what, double value, int epoch, int batch, int[] rows) =>
        new(string.Create(CultureInfo.InvariantCulture,
            $"The {what} is {value} in epoch {epoch}, batch {batch + 1}, with rows {string.Join(", ", rows.Take(8).Select(network.RowNumber))}{(rows.Length > 8 ? ", ..." : "")} of the training data; a lower LearningRate ({options.LearningRate}) or MaximumGradientNorm ({options.MaximumGradientNorm}) may help."));

    private T WithAverages<T>(Func<T> action)
    {
        bool averages = options.WeightAveraging > 0;
        if (averages)
            Swap();
        try
        {
            return action();
        }
        finally
        {
            if (averages)
                Swap();
        }
    }

    private void Swap()
    {
        foreach (TrainedParameter parameter in network.Parameters)
            parameter.SwapAverage();
    }

    private void Report(TrainingPhase phase, int epoch, int batch, int batches, double loss)
    {
        if (options.Progress is null)
            return;
        double done = epoch - 1 + (double)batch / batches;
        TimeSpan elapsed = _elapsed.Elapsed;
        TimeSpan remaining = elapsed * (Math.Max(0, plannedEpochs - done) / done);
        options.Progress.Report(new TrainingProgress(phase, epoch, plannedEpochs, batch, batches, loss, network.MetricName,
            _metric, _bestMetric, Active, Total, elapsed, remaining));
    }
}
