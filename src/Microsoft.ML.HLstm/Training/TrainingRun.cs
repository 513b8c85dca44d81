using Microsoft.ML.HLstm.GrowAndPrune;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.Training;

/// <summary>
/// Grow-and-prune training from start to end: sparse seed, growth, training, activation shift, pruning. The model that
/// is kept is the best one before pruning, then the last pruned one within the allowed loss.
/// </summary>
internal sealed class TrainingRun
{
    /// <summary>Retraining starts from a network that is nearly right, so it takes smaller steps.</summary>
    private const double RecoveryRate = 0.5;

    private readonly ITrainableNetwork _network;
    private readonly SequenceTrainerOptions _options;
    private readonly GrowAndPruneSchedule _schedule;
    private readonly Random _random;
    private readonly EpochRunner _runner;
    private readonly List<TrainingHistoryEntry> _history = [];
    private double _bestMetric = double.NegativeInfinity;
    private ModelSnapshot? _current;

    /// <summary>A run of a network that has just been made.</summary>
    public TrainingRun(ITrainableNetwork network, SequenceTrainerOptions options, Random random, IChannel log)
    {
        (_network, _options, _schedule, _random) = (network, options, options.GrowAndPrune, random);
        int rounds = _schedule.Prunes ? _schedule.PruningRounds * _schedule.RecoveryEpochs : 0;
        int shift = Shifts ? _schedule.ShiftEpochs : 0;
        _runner = new EpochRunner(network, options, random, log, options.Epochs + shift + rounds);
    }

    /// <summary>What happened, epoch by epoch.</summary>
    public TrainingHistory History => new(_network.MetricName, [.. _history]);

    private bool Shifts => _schedule.ActivationShift && _network.HasGateHiddenLayers && _options.GateActivation == GateActivation.LeakyRelu;

    private IEnumerable<MaskedMatrix> Matrices => _network.Parameters.Select(p => p.Matrix).OfType<MaskedMatrix>();

    private bool ReachedTarget => _network.Parameters.All(parameter => parameter.Matrix is null || parameter.Matrix.ActiveCount <= Leave(parameter));

    /// <summary>Trains; afterwards the network has the weights and masks of the model to return.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, and no model is to be returned or there is none yet.</exception>
    public void Train()
    {
        ModelSnapshot? kept = null;
        try
        {
            foreach (ModelSnapshot better in Phases())
                kept = better;
        }
        catch (OperationCanceledException) when (_options.ReturnBestOnCancel && kept is not null)
        {
            _runner.Log("Cancelled; the best model so far is returned.");
        }
        catch (NonFiniteLossException failure)
        {
            if (kept is null)
                throw new InvalidOperationException(failure.Message + " There is no earlier model to return.", failure);
            _runner.Warn(failure.Message + " Training stops here; the best model so far is returned.");
        }

        kept!.Restore(_network.Parameters);
        _network.Activation = kept.Activation;
    }

    /// <summary>Runs phase after phase and yields each model that becomes the one to return.</summary>
    private IEnumerable<ModelSnapshot> Phases()
    {
        foreach (MaskedMatrix matrix in Matrices)
            Seeding.Random(matrix, _schedule.SeedDensity, _random);
        foreach (TrainedParameter parameter in _network.Parameters)
            parameter.ApplyMask();
        return Grow().Concat(TrainOn()).Concat(ShiftActivation()).Concat(PruneAndRecover());
    }

    private IEnumerable<ModelSnapshot> Grow()
    {
        for (int round = 0; round < _schedule.GrowthRounds && _history.Count < _options.Epochs; round++)
        {
            for (int i = 0; i < _schedule.GrowthEpochs && _history.Count < _options.Epochs; i++)
            {
                if (RunEpoch(TrainingPhase.Grow, _ => _options.LearningRate, _current?.Metric) is { } better)
                    yield return _current = better;
            }

            _runner.Grow(_schedule);
        }
    }

    private IEnumerable<ModelSnapshot> TrainOn()
    {
        double rate = _options.LearningRate;
        for (int stale = 0, plateau = 0; _history.Count < _options.Epochs && stale < _options.EarlyStoppingPatience;)
        {
            double now = rate;
            double? before = _current?.Metric;
            if (RunEpoch(TrainingPhase.Train, _ => now, before) is { } better)
                yield return _current = better;
            bool improved = before is null || _current!.Metric > before;
            (stale, plateau) = improved ? (0, 0) : (stale + 1, plateau + 1);
            if (plateau >= _options.PlateauPatience)
                (rate, plateau) = (rate * _options.LearningRateDecay, 0);
        }
    }

    private IEnumerable<ModelSnapshot> ShiftActivation()
    {
        if (!Shifts)
            yield break;
        Continue(_current!);
        _network.Activation = GateActivation.Relu;
        ModelSnapshot? shifted = null;
        for (int i = 0; i < _schedule.ShiftEpochs; i++)
            shifted = RunEpoch(TrainingPhase.ActivationShift, Falling(i, _schedule.ShiftEpochs), shifted?.Metric) ?? shifted;
        if (Accepted(shifted!))
            yield return shifted!;
        _current = shifted;
    }

    private IEnumerable<ModelSnapshot> PruneAndRecover()
    {
        for (int round = 0; _schedule.Prunes && round < _schedule.PruningRounds; round++)
        {
            Continue(_current!);
            if (!Prune())
                yield break;
            bool last = round == _schedule.PruningRounds - 1 || ReachedTarget;
            ModelSnapshot? pruned = null;
            for (int i = 0; i < _schedule.RecoveryEpochs && (last || pruned is null || !Accepted(pruned)); i++)
            {
                pruned = RunEpoch(TrainingPhase.Prune, Falling(i, _schedule.RecoveryEpochs), pruned?.Metric) ?? pruned;
                if (Accepted(pruned!))
                    yield return pruned!;
            }

            if (!Accepted(pruned!))
                yield break;
            _current = pruned;
        }
    }

    /// <summary>Connections that pruning leaves of a matrix: the last round stops there.</summary>
    private int Leave(TrainedParameter parameter) =>
        (int)Math.Ceiling(_schedule.TargetOf(parameter.Group) * parameter.Matrix!.Count);

    /// <summary>True within the allowed loss of the best metric of the run.</summary>
    private bool Accepted(ModelSnapshot model) => model.Metric >= _bestMetric - _schedule.AllowedLoss * Math.Abs(_bestMetric);

    /// <summary>A learning rate that falls in a straight line from the recovery rate to a tenth of it.</summary>
    private Func<double, double> Falling(int epoch, int epochs) =>
        progress => _options.LearningRate * RecoveryRate * (1 - 0.9 * (epoch + progress) / epochs);

    private void Continue(ModelSnapshot model)
    {
        model.Restore(_network.Parameters);
        _network.Activation = model.Activation;
        _runner.Restart();
    }

    private bool Prune()
    {
        int removed = 0;
        foreach (TrainedParameter parameter in _network.Parameters)
        {
            if (parameter.Matrix is not { } matrix)
                continue;
            removed += Pruning.Magnitude(matrix, parameter.Values, _schedule.PruningRatio, Leave(parameter));
            parameter.ApplyMask();
        }

        return removed > 0;
    }

    /// <summary>
    /// Trains and validates one epoch; the snapshot of its model if its metric is not below <paramref name="before"/>: of
    /// equals the later one, which has trained longer and grown further.
    /// </summary>
    private ModelSnapshot? RunEpoch(TrainingPhase phase, Func<double, double> learningRate, double? before)
    {
        EpochResult result = _runner.Run(phase, _history.Count + 1, learningRate);
        bool better = before is null || result.Metric >= before;
        ModelSnapshot? snapshot = better ? _runner.Snapshot(result.Metric) : null;
        _bestMetric = Math.Max(_bestMetric, result.Metric);
        _history.Add(new TrainingHistoryEntry(phase, _history.Count + 1, result.Loss, result.Metric,
            Matrices.Sum(m => (long)m.ActiveCount), Matrices.Sum(m => (long)m.Count), result.FlopsPerStep, result.LearningRate,
            result.Seconds, better));
        return snapshot;
    }
}
