using Microsoft.ML.HLstm.GrowAndPrune;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.Training;

/// <summary>
/// Grow-and-prune training from start to end: sparse seed, growth, training, activation shift, pruning. The model that
/// is kept is the best one before pruning, then the last pruned one within the allowed loss.
/// </summary>
internal sealed partial class TrainingRun
{
    /// <summary>Retraining starts from a network that is nearly right, so it takes smaller steps.</summary>
    private const double RecoveryRate = 0.5;

    private readonly ITrainableNetwork _network;
    private readonly SequenceTrainerOptions _options;
    private readonly GrowAndPruneSchedule _schedule;
    private readonly Random _random;
    private readonly Func<IReadOnlyList<PatternCandidate>, double[]> _latency;
    private readonly EpochRunner _runner;
    private readonly ModelSnapshot[] _snapshots;
    private readonly List<TrainingHistoryEntry> _history = [];
    private readonly ConnectionRecorder _connections;
    private double _bestMetric = double.NegativeInfinity;
    private ModelSnapshot? _kept;
    private ModelSnapshot? _current;
    private double _teacherMetric = double.NegativeInfinity;

    /// <summary>A run of a network that has just been made.</summary>
    /// <param name="network">The network with its data.</param>
    /// <param name="options">The options.</param>
    /// <param name="random">Everything random but the network itself.</param>
    /// <param name="log">Where lines go to.</param>
    /// <param name="latency">Measures candidates, in seconds; null for the kernels that score.</param>
    public TrainingRun(
        ITrainableNetwork network, SequenceTrainerOptions options, Random random, IChannel log, Func<IReadOnlyList<PatternCandidate>, double[]>? latency = null)
    {
        _latency = latency ?? (candidates => LatencyProbe.Measure([.. candidates.Select(candidate => candidate.Matrices)]));
        (_network, _options, _schedule, _random) = (network, options, options.GrowAndPrune, random);
        _connections = new ConnectionRecorder(network.Parameters, options);
        int rounds = _schedule.Prunes ? (_schedule.PruningRounds - 1) * _schedule.RecoveryEpochs + FinalEpochs : 0;
        rounds *= Measures ? Measured.Length : 1;
        int shift = Shifts ? _schedule.ShiftEpochs : 0;
        _runner = new EpochRunner(network, options, random, log, options.Epochs + shift + rounds);
        // The model to return, the one to go on from, the best of a phase, and the one that every measured pattern starts from. They are written to now, because memory that
        // has only been asked for is not there yet, and would be missing hours later.
        _snapshots = [.. Enumerable.Range(0, Measures ? 4 : 3).Select(_ => new ModelSnapshot(network.Parameters))];
        foreach (ModelSnapshot snapshot in _snapshots)
            snapshot.Take(network.Activation, double.NegativeInfinity);
    }

    /// <summary>What happened, epoch by epoch.</summary>
    public TrainingHistory History => new(_network.MetricName, [.. _history]) { Decisions = [.. _decisions] };

    /// <summary>The connections of every masked matrix, for the report.</summary>
    public ConnectionRecorder Connections => _connections;

    /// <summary>The validation metric of the model to return.</summary>
    public double Metric => _kept!.Metric;

    /// <summary>The pattern of the matrices that scoring multiplies by.</summary>
    public SparsityPattern Pattern => _network.Parameters.FirstOrDefault(p => p.IsMultiplied)?.Matrix!.Pattern ?? SparsityPattern.Unstructured;

    private bool Shifts => _schedule.ActivationShift && _network.HasGateHiddenLayers && _network.Activation == GateActivation.LeakyRelu;

    private int FinalEpochs => _schedule.FinalRecoveryEpochs ?? _schedule.RecoveryEpochs;

    private IEnumerable<MaskedMatrix> Matrices => _network.Parameters.Select(p => p.Matrix).OfType<MaskedMatrix>();

    /// <summary>Trains; afterwards the network has the weights and masks of the model to return.</summary>
    /// <param name="goOn">True to go on from the network's weights and connections, false to seed connections at random.</param>
    /// <exception cref="OperationCanceledException">Cancelled, and no model is to be returned or there is none yet.</exception>
    public void Train(bool goOn = false)
    {
        try
        {
            if (goOn)
                GoOn();
            else
                Seed();
            _connections.Seeded();
            Grow();
            _connections.Grown();
            TrainOn();
            ShiftActivation();
            PruneAndRecover();
        }
        catch (OperationCanceledException) when (_options.ReturnBestOnCancel && _kept is not null)
        {
            _runner.Log("Cancelled; the best model so far is returned.");
        }
        catch (NonFiniteLossException failure)
        {
            if (_kept is null)
                throw new InvalidOperationException(failure.Message + " There is no earlier model to return.", failure);
            _runner.Warn(failure.Message + " Training stops here; the best model so far is returned.");
        }

        _kept!.Restore();
        _network.Activation = _kept.Activation;
        _connections.Returned();
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
        _bestMetric = _runner.Validate();
        _kept = _current = _snapshots[0];
        _runner.Snapshot(_current, _bestMetric);
    }

    private void Grow()
    {
        for (int round = 0; round < _schedule.GrowthRounds && _history.Count < _options.Epochs; round++)
        {
            for (int i = 0; i < _schedule.GrowthEpochs && _history.Count < _options.Epochs; i++)
                _kept = _current = RunEpoch(TrainingPhase.Grow, LearningRate(_options.LearningRate), _current);
            _runner.Grow(_schedule);
        }
    }

    private void TrainOn()
    {
        double rate = _options.LearningRate;
        bool falls = _options.LearningRateSchedule == LearningRateSchedule.Cosine;
        for (int stale = 0, plateau = 0; _history.Count < _options.Epochs && (falls || stale < _options.EarlyStoppingPatience);)
        {
            double? before = _current?.Metric;
            _kept = _current = RunEpoch(TrainingPhase.Train, LearningRate(rate), _current);
            bool improved = before is null || _current.Metric > before;
            (stale, plateau) = improved ? (0, 0) : (stale + 1, plateau + 1);
            if (plateau >= _options.PlateauPatience)
                (rate, plateau) = (rate * _options.LearningRateDecay, 0);
        }
    }

    /// <summary>The learning rate over the next epoch, before pruning.</summary>
    private Func<double, double> LearningRate(double plateau)
    {
        int epochs = _history.Count;
        return _options.LearningRateSchedule == LearningRateSchedule.Plateau
            ? _ => plateau
            : progress => 0.5 * _options.LearningRate * (1 + Math.Cos(Math.PI * (epochs + progress) / _options.Epochs));
    }

    private void ShiftActivation()
    {
        if (!Shifts)
            return;
        Continue(_current!);
        _network.Activation = GateActivation.Relu;
        Retrain(TrainingPhase.ActivationShift, _schedule.ShiftEpochs, toTheEnd: true);
    }

    /// <summary>
    /// Retrains a network that has just been changed. Its best model is the one to go on from, and the one to return if it
    /// is within the allowed loss; unless it trains to the end, that is also when it stops.
    /// </summary>
    private void Retrain(TrainingPhase phase, int epochs, bool toTheEnd)
    {
        ModelSnapshot? best = null;
        for (int i = 0; i < epochs && (toTheEnd || best is null || !Accepted(best)); i++)
        {
            best = RunEpoch(phase, Falling(i, epochs), best);
            if (Accepted(best) && _keeps)
                _kept = best;
        }

        _current = best;
    }

    /// <summary>True within the allowed loss of the best metric of the run.</summary>
    private bool Accepted(ModelSnapshot model) => model.Metric >= _bestMetric - _schedule.AllowedLoss * Math.Abs(_bestMetric);

    /// <summary>A learning rate that falls in a straight line from the recovery rate to a tenth of it.</summary>
    private Func<double, double> Falling(int epoch, int epochs) =>
        progress => _options.LearningRate * RecoveryRate * (1 - 0.9 * (epoch + progress) / epochs);

    /// <summary>Lets the best model so far predict the training data, unless it has done so already.</summary>
    private void Teach()
    {
        ModelSnapshot best = _kept!.Metric >= _current!.Metric ? _kept : _current;
        if (_schedule.Distillation == 0 || best.Metric <= _teacherMetric)
            return;
        Continue(best);
        _runner.Teach(_schedule.Distillation);
        _teacherMetric = best.Metric;
    }

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
    private ModelSnapshot RunEpoch(TrainingPhase phase, Func<double, double> learningRate, ModelSnapshot? best)
    {
        EpochResult result = _runner.Run(phase, _history.Count + 1, learningRate);
        bool better = best is null || result.Metric >= best.Metric;
        _bestMetric = Math.Max(_bestMetric, result.Metric);
        _history.Add(new TrainingHistoryEntry(phase, _history.Count + 1, result.Loss, result.Metric,
            Matrices.Sum(m => (long)m.ActiveCount), Matrices.Sum(m => (long)m.Count), result.FlopsPerStep, result.LearningRate,
            result.Seconds, better));
        if (!better)
            return best!;
        // The best of this phase is replaced, so its memory is free, unless that model may still be needed.
        ModelSnapshot free = best is not null && best != _kept ? best : _snapshots.First(s => s != best && s != _kept && s != _current && s != _start);
        _runner.Snapshot(free, result.Metric);
        return free;
    }
}
