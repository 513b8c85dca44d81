using Microsoft.ML.HLstm.GrowAndPrune;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Training.Checkpoints;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.Training;

/// <summary>
/// Grow-and-prune training from start to end: sparse seed, growth, training, activation shift, pruning. The model that
/// is kept is the best one before pruning, then the last pruned one within the allowed loss. It goes from stage to stage
/// instead of through loops inside loops, so that where it stands can be written down.
/// </summary>
internal sealed partial class TrainingRun
{
    private readonly ITrainableNetwork _network;
    private readonly SequenceTrainerOptions _options;
    private readonly GrowAndPruneSchedule _schedule;
    private readonly Random _random;
    private readonly Func<IReadOnlyList<PatternCandidate>, double[]> _latency;
    private readonly TrainingCheckpoints? _checkpoints;
    private readonly EpochRunner _runner;
    private readonly ModelSnapshot[] _snapshots;
    private readonly ConnectionRecorder _connections;
    private readonly TrainingState _at = new();
    private readonly int _epochs;
    private ModelSnapshot? _kept;
    private ModelSnapshot? _current;
    private ModelSnapshot? _best;
    private ModelSnapshot? _start;

    /// <summary>A run of a network that has just been made.</summary>
    /// <param name="network">The network with its data.</param>
    /// <param name="options">The options.</param>
    /// <param name="random">Everything random but the network itself.</param>
    /// <param name="log">Where lines go to.</param>
    /// <param name="latency">Measures candidates, in seconds; null for the kernels that score.</param>
    /// <param name="checkpoints">Where to go on from and to write to, with the same random numbers; null for nowhere.</param>
    /// <exception cref="NotSupportedException">The options name a folder of checkpoints, and there are no checkpoints.</exception>
    public TrainingRun(
        ITrainableNetwork network, SequenceTrainerOptions options, Random random, IChannel log,
        Func<IReadOnlyList<PatternCandidate>, double[]>? latency = null, TrainingCheckpoints? checkpoints = null)
    {
        if (options.CheckpointFolder is not null && checkpoints is null)
            throw new NotSupportedException($"The option {nameof(options.CheckpointFolder)} is '{options.CheckpointFolder}', and this trainer writes no checkpoints; it must be null.");
        _latency = latency ?? (candidates => LatencyProbe.Measure([.. candidates.Select(candidate => candidate.Matrices)]));
        _connections = new ConnectionRecorder(network.Parameters, options);
        (_network, _options, _schedule, _random, _checkpoints) = (network, options, options.ScheduleWith(network.Rows), random, checkpoints);
        _epochs = options.EpochsWith(network.Rows);
        int rounds = _schedule.Prunes ? (_schedule.PruningRounds - 1) * _schedule.RecoveryEpochs + FinalEpochs : 0;
        rounds *= Measures ? Measured.Length : 1;
        int shift = Shifts ? _schedule.ShiftEpochs : 0;
        _runner = new EpochRunner(network, options, random, log, _epochs + shift + rounds);
        if (checkpoints is not null)
            _runner.AfterBatch = SaveWhenDue;
        // The model to return, the one to go on from, the best of a phase, and the one that every measured pattern starts from. They are written to now, because memory that
        // has only been asked for is not there yet, and would be missing hours later.
        _snapshots = [.. Enumerable.Range(0, Measures ? 4 : 3).Select(_ => new ModelSnapshot(network.Parameters))];
        _teacher = checkpoints is not null && _schedule.Distils ? new ModelSnapshot(network.Parameters) : null;
        foreach (ModelSnapshot snapshot in _teacher is null ? _snapshots : [.. _snapshots, _teacher])
            snapshot.Take(network.Activation, double.NegativeInfinity);
    }

    /// <summary>What happened, epoch by epoch.</summary>
    public TrainingHistory History => new(_network.MetricName, [.. _at.History]) { Decisions = [.. _at.Decisions] };

    /// <summary>For going over the training data before the first epoch.</summary>
    public Preparation Preparation => _runner.Prepare(0);

    /// <summary>The connections of every masked matrix, for the report.</summary>
    public ConnectionRecorder Connections => _connections;

    /// <summary>False where the run was finished before, and its checkpoint was all it took.</summary>
    public bool HasTrained { get; private set; }

    /// <summary>The validation metric of the model to return.</summary>
    public double Metric => _kept!.Metric;

    /// <summary>The pattern of the matrices that scoring multiplies by.</summary>
    public SparsityPattern Pattern => _network.Parameters.FirstOrDefault(p => p.IsMultiplied)?.Matrix!.Pattern ?? SparsityPattern.Unstructured;

    private bool Shifts => _schedule.ActivationShift && _network.HasGateHiddenLayers && _network.Activation == GateActivation.LeakyRelu;

    private IEnumerable<MaskedMatrix> Matrices => _network.Parameters.Select(p => p.Matrix).OfType<MaskedMatrix>();

    private bool EpochsAreLeft => _at.History.Count < _epochs;

    /// <summary>Trains, or goes on from a checkpoint; afterwards the network has the weights and masks of the model to return.</summary>
    /// <param name="goOn">True to go on from the network's weights and connections, false to seed connections at random.</param>
    /// <exception cref="CheckpointException">The checkpoint does not fit to the network.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, and no model is to be returned or there is none yet.</exception>
    public void Train(bool goOn = false)
    {
        try
        {
            if (!Resume())
                Begin(goOn);
            while (_at.Stage != TrainingStage.Finished)
            {
                int epochs = _at.History.Count;
                Go();
                if (_at.History.Count > epochs || _at.Stage == TrainingStage.Finished)
                    Save();
            }
        }
        catch (OperationCanceledException)
        {
            SaveInterrupted();
            if (!_options.ReturnBestOnCancel || _kept is null)
                throw;
            _runner.Log("Cancelled; the best model so far is returned.");
        }
        catch (NonFiniteLossException failure)
        {
            if (_kept is null)
                throw new InvalidOperationException(failure.Message + " There is no earlier model to return.", failure);
            _runner.Warn(failure.Message + " Training stops here; the best model so far is returned.");
            _at.Enter(TrainingStage.Finished);
            Save();
        }

        _kept!.Restore();
        _network.Activation = _kept.Activation;
        _connections.Returned();
    }

    private void Begin(bool goOn)
    {
        _at.Rate = _options.LearningRate;
        if (goOn)
            GoOn();
        else
            Seed();
        _connections.Seeded();
    }

    private void Go()
    {
        switch (_at.Stage)
        {
            case TrainingStage.Grow:
                Grow();
                break;
            case TrainingStage.Train:
                TrainOn();
                break;
            case TrainingStage.Shift:
                ShiftActivation();
                break;
            case TrainingStage.Retrain:
                if (!Retrain(TrainingPhase.ActivationShift, _schedule.ShiftEpochs, toTheEnd: true))
                    _at.Enter(TrainingStage.Choose);
                break;
            case TrainingStage.Choose:
                Choose();
                break;
            case TrainingStage.Prune:
                PruneRound();
                break;
            case TrainingStage.Recover:
                if (!(_at.LastRound ? RetrainLast() : Retrain(TrainingPhase.Prune, _schedule.RecoveryEpochs, toTheEnd: false)))
                    EndRound();
                break;
            case TrainingStage.Settle:
                _runner.PlannedEpochs = Math.Max(_runner.PlannedEpochs, _at.History.Count - _at.Epoch + FinalEpochs);
                if (!RetrainLast())
                    _at.Enter(TrainingStage.Finished);
                break;
        }
    }

    private void Seed()
    {
        foreach (MaskedMatrix matrix in Matrices)
            Seeding.Random(matrix, _schedule.SeedDensity, _random);
        foreach (TrainedParameter parameter in _network.Parameters)
            parameter.ApplyMask();
    }

    private void GoOn()
    {
        foreach (TrainedParameter parameter in _network.Parameters)
            parameter.KeepConnections();
        _at.BestMetric = _runner.Validate();
        _kept = _current = _snapshots[0];
        _runner.Snapshot(_current, _at.BestMetric);
    }

    /// <summary>An epoch of a round of growth, or, when they are over, the growth.</summary>
    private void Grow()
    {
        if (_at.Epoch == _schedule.GrowthEpochs && EpochsAreLeft)
        {
            _runner.Grow(_schedule);
            _at.Enter(TrainingStage.Grow, _at.Round + 1);
        }
        else if (_at.Round == _schedule.GrowthRounds || !EpochsAreLeft)
        {
            // What grows and is not trained any more could not be returned.
            if (_at.Round < _schedule.GrowthRounds && _epochs > 0)
                _runner.Warn($"{_at.Round} of {_schedule.GrowthRounds} rounds of growth were made: {nameof(_options.Epochs)} is {_epochs}, and each needs {_schedule.GrowthEpochs} before it and one after it.");
            _connections.Grown();
            _at.Enter(TrainingStage.Train);
        }
        else
        {
            _kept = _current = RunEpoch(TrainingPhase.Grow, LearningRate(), _current, WarmUp());
            _at.Epoch++;
        }
    }

    private void TrainOn()
    {
        bool falls = _options.LearningRateSchedule == LearningRateSchedule.Cosine;
        if (!EpochsAreLeft || (!falls && _at.Stale >= _options.EarlyStoppingPatience))
        {
            _at.Enter(TrainingStage.Shift);
            return;
        }

        double? before = _current?.Metric;
        _kept = _current = RunEpoch(TrainingPhase.Train, LearningRate(), _current, WarmUp());
        bool improved = before is null || _current.Metric > before;
        (_at.Stale, _at.Plateau) = improved ? (0, 0) : (_at.Stale + 1, _at.Plateau + 1);
        if (_at.Plateau >= _options.PlateauPatience)
            (_at.Rate, _at.Plateau) = (_at.Rate * _options.LearningRateDecay, 0);
    }

    /// <summary>The learning rate over the next epoch, before pruning.</summary>
    private Func<double, double> LearningRate()
    {
        (int epochs, double rate) = (_at.History.Count, _at.Rate);
        return _options.LearningRateSchedule == LearningRateSchedule.Plateau
            ? _ => rate
            : Cosine(epochs, _epochs);
    }

    private WarmUp WarmUp() => new(_at.History.Count, _epochs);

    private void Continue(ModelSnapshot model)
    {
        model.Restore();
        _network.Activation = model.Activation;
        _runner.Restart();
    }

    /// <summary>
    /// Trains and validates one epoch. Returns the better of its model and <paramref name="best"/>: of equals the later one,
    /// which has trained longer and grown further.
    /// </summary>
    private ModelSnapshot RunEpoch(TrainingPhase phase, Func<double, double> learningRate, ModelSnapshot? best, WarmUp? warmUp = null)
    {
        _drawsBeforeEpoch = _checkpoints?.Streams.Order.Draws ?? 0;
        int number = _at.History.Count + 1;
        if (_runner.Progress is null && _runner.BeforeEpoch(number - 1, _epochs, number > 1 ? _at.History[^1].Metric : double.NaN) is { } decision)
            Decide(decision);
        HasTrained = true;
        EpochResult result = _runner.Run(phase, number, learningRate, warmUp);
        bool better = best is null || result.Metric >= best.Metric;
        _at.BestMetric = Math.Max(_at.BestMetric, result.Metric);
        _at.History.Add(new TrainingHistoryEntry(phase, number, result.Loss, result.Metric,
            _runner.Active, _runner.Total, result.FlopsPerStep, result.LearningRate,
            result.Seconds, better));
        if (!better)
            return best!;
        // The best of this phase is replaced, so its memory is free, unless that model may still be needed.
        ModelSnapshot free = best is not null && best != _kept ? best : _snapshots.First(s => s != best && s != _kept && s != _current && s != _start);
        _runner.Snapshot(free, result.Metric);
        return free;
    }
}
