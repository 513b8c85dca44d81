using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.HLstm.GrowAndPrune;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.Training;

/// <summary>Runs epochs: batches, optimizer steps, validation; reports progress and looks at the cancellation token.</summary>
internal sealed partial class EpochRunner(ITrainableNetwork network, SequenceTrainerOptions options, Random random, IChannel log, int plannedEpochs)
{
    private readonly MaskedAdam _adam = new(network.Parameters, options.WeightAveraging);
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _before;
    private TimeSpan _epochStart;
    private double _metric = double.NaN;
    private double _bestMetric = double.NaN;

    /// <summary>How far the epoch has come that was begun and has not ended; null between epochs.</summary>
    public EpochProgress? Progress { get; private set; }

    /// <summary>Epochs that the run is thought to have.</summary>
    public int PlannedEpochs { get; set; } = plannedEpochs;

    /// <summary>Called after every batch.</summary>
    public Action? AfterBatch { get; set; }

    /// <summary>Connections of masked matrices that are active now.</summary>
    public long Active => network.Parameters.Sum(p => (long)(p.Matrix?.ActiveCount ?? 0));

    /// <summary>Connections of masked matrices.</summary>
    public long Total => network.Parameters.Sum(p => (long)(p.Matrix?.Count ?? 0));

    /// <summary>Trains one epoch, or the rest of one, and validates the averaged weights.</summary>
    /// <param name="phase">The phase, for reports.</param>
    /// <param name="epoch">The number of the epoch, from 1.</param>
    /// <param name="learningRate">The learning rate at a share of the epoch from 0 to 1.</param>
    /// <param name="warmUp">Where the epoch is in a course that begins with a warm-up; null in one without.</param>
    public EpochResult Run(TrainingPhase phase, int epoch, Func<double, double> learningRate, WarmUp? warmUp = null)
    {
        _epochStart = _watch.Elapsed;
        TrainingMemory.GiveBack();
        network.Module.train();
        network.DropoutShare = DropoutShare;
        EpochProgress progress = Progress ??= new EpochProgress();
        List<int[]> batches = epoch == 1 && options.SortedFirstEpoch ? LengthBuckets.Sorted(network.Rows, options.BatchSize, network.Length) : Batches();
        while (progress.Batch < batches.Count)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            double rate = learningRate((double)progress.Batch / batches.Count) * _rateFactor * (warmUp?.Share(options.WarmupSteps, progress.Batch, batches.Count) ?? 1);
            (double loss, int count) = Step(batches[progress.Batch], epoch, progress.Batch, rate);
            progress.LossSum += loss * count;
            progress.Predictions += count;
            progress.Batch++;
            Report(phase, epoch, progress.Batch, batches.Count, progress.Loss);
            AfterBatch?.Invoke();
        }

        (_metric, long flops) = WithAverages(() => network.Validate(options.CancellationToken));
        _bestMetric = double.IsNaN(_bestMetric) ? _metric : Math.Max(_bestMetric, _metric);
        TrainingMemory.GiveBack();
        double seconds = Seconds(progress);
        var result = new EpochResult(progress.Loss, _metric, flops, learningRate(0) * _rateFactor, seconds);
        Progress = null;
        Report(phase, epoch, batches.Count, batches.Count, result.Loss);
        Log(string.Create(CultureInfo.InvariantCulture,
            $"{phase} epoch {epoch}/{PlannedEpochs}: loss {result.Loss:F4}, {network.MetricName} {result.Metric:F4}, connections {Active} of {Total}, {seconds:F1} s"));
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
        List<int[]> batches = [.. Batches().Take(schedule.GrowthBatches)];
        while (!SumGradients(batches))
        {
            // Once more without the batch that was taken away.
        }

        foreach (TrainedParameter parameter in network.Parameters)
        {
            if (parameter.Matrix is { } matrix)
                parameter.WithGradient(sum => Growth.Activate(matrix, Growth.Scores(schedule.GrowthCriterion, sum, random), schedule.GrowthRatio));
        }

        _adam.ZeroGradients();
    }

    /// <summary>For going over the training data after so many epochs.</summary>
    public Preparation Prepare(int epochs) => new(options.CancellationToken, (batch, batches) => Report(TrainingPhase.Prepare, epochs, batch, batches, double.NaN));

    /// <summary>Lets the network as it is, after so many epochs, predict the training data, for later epochs to learn from.</summary>
    public void Teach(double share, int epochs)
    {
        Log("The best model teaches pruned ones from now on.");
        // The kernels still know the connections of the last batch, and the network may have gone back to others.
        Compute(activeOnly: true);
        network.BecomeTeacher(share, Prepare(epochs));
    }

    /// <summary>Lets the task work out what it needs for the epochs to come; see <see cref="ITrainableNetwork.BeforeEpoch"/>.</summary>
    public string? BeforeEpoch(int done, int of, double metric) => WithAverages(() =>
    {
        Compute(activeOnly: true);
        return network.BeforeEpoch(done, of, metric, Prepare(done));
    });

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

    /// <summary>Writes what the optimizer, the clock and an epoch that has begun have come to.</summary>
    public void Write(BinaryWriter writer)
    {
        _adam.Write(writer);
        foreach (double value in (double[])[_metric, _bestMetric, _rateFactor, Elapsed.TotalSeconds])
            writer.Write(value);
        writer.Write(_nonFinite);
        writer.Write(Progress is not null);
        if (Progress is not { } progress)
            return;
        writer.Write(progress.Batch);
        writer.Write(progress.LossSum);
        writer.Write(progress.Predictions);
        writer.Write(Seconds(progress));
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public void Read(BinaryReader reader)
    {
        _adam.Read(reader);
        (_metric, _bestMetric, _rateFactor, _before) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), TimeSpan.FromSeconds(reader.ReadDouble()));
        _nonFinite = reader.ReadInt32();
        Progress = reader.ReadBoolean()
            ? new EpochProgress { Batch = reader.ReadInt32(), LossSum = reader.ReadDouble(), Predictions = reader.ReadInt64(), SecondsBefore = reader.ReadDouble() }
            : null;
        _watch.Restart();
    }

    private double Seconds(EpochProgress progress) => progress.SecondsBefore + (_watch.Elapsed - _epochStart).TotalSeconds;

    private TimeSpan Elapsed => _before + _watch.Elapsed;

    /// <summary>As in S. Han et al. (arXiv 1506.02626, equation 2), for the network as a whole.</summary>
    private double DropoutShare => options.GrowAndPrune.ScaleDropout && Total > 0 ? Math.Sqrt((double)Active / Total) : 1;

    private List<int[]> Batches() => LengthBuckets.Batches(network.Rows, options.BatchSize, network.Length, random);

    private void Compute(bool activeOnly)
    {
        foreach (TrainedParameter parameter in network.Parameters)
            parameter.Compute(activeOnly);
    }

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
        TimeSpan elapsed = Elapsed;
        TimeSpan? remaining = phase == TrainingPhase.Prepare ? null : elapsed * (Math.Max(0, PlannedEpochs - done) / done);
        options.Progress.Report(new TrainingProgress(phase, epoch, PlannedEpochs, batch, batches, loss, network.MetricName,
            _metric, _bestMetric, Active, Total, elapsed, remaining));
    }
}
