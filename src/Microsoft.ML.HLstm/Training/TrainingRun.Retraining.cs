namespace Microsoft.ML.HLstm.Training;

/// <summary>How a run trains a network on that it has changed.</summary>
internal sealed partial class TrainingRun
{
    /// <summary>Retraining starts from a network that is nearly right, so it takes smaller steps.</summary>
    private const double RecoveryRate = 0.5;

    private int FinalEpochs => _schedule.FinalRecoveryEpochs ?? _schedule.RecoveryEpochs;

    private void ShiftActivation()
    {
        if (!Shifts)
        {
            _at.Enter(TrainingStage.Choose);
            return;
        }

        Continue(_current!);
        _network.Activation = GateActivation.Relu;
        _at.Enter(TrainingStage.Retrain);
    }

    /// <summary>
    /// An epoch of retraining a network that has been changed; false when there is none left. Its best model is the one to go
    /// on from, and the one to return if it is within the allowed loss; unless it trains to the end, that is also when it stops.
    /// </summary>
    private bool Retrain(TrainingPhase phase, int epochs, bool toTheEnd) =>
        Retrain(phase, epochs, toTheEnd, Falling(_at.Epoch, epochs), warmUp: null);

    /// <summary>
    /// An epoch of the last retraining, of a network that loses no more connections: with a cosine, all of the schedule once more.
    /// </summary>
    private bool RetrainLast() => _options.LearningRateSchedule == LearningRateSchedule.Cosine
        ? Retrain(TrainingPhase.Prune, FinalEpochs, toTheEnd: true, Cosine(_at.Epoch, FinalEpochs), new WarmUp(_at.Epoch, FinalEpochs))
        : Retrain(TrainingPhase.Prune, FinalEpochs, toTheEnd: true);

    private bool Retrain(TrainingPhase phase, int epochs, bool toTheEnd, Func<double, double> learningRate, WarmUp? warmUp)
    {
        if (_at.Epoch == epochs || (!toTheEnd && _best is not null && Accepted(_best)))
        {
            (_current, _best) = (_best, null);
            return false;
        }

        _best = RunEpoch(phase, learningRate, _best, warmUp);
        _at.Epoch++;
        if (Accepted(_best) && _at.Keeps)
            _kept = _best;
        else
            _at.History[^1] = _at.History[^1] with { Best = false };
        return true;
    }

    /// <summary>True within the allowed loss of the best metric of the run, and what may be lost beside it.</summary>
    private bool Accepted(ModelSnapshot model, double beside = 0) => model.Metric >= LeastAllowed(beside);

    private double LeastAllowed(double beside = 0) => _at.BestMetric - (_schedule.AllowedLoss + beside) * Math.Abs(_at.BestMetric);

    /// <summary>A learning rate that falls in a straight line from the recovery rate to a tenth of it.</summary>
    private Func<double, double> Falling(int epoch, int epochs) =>
        progress => _options.LearningRate * RecoveryRate * (1 - 0.9 * (epoch + progress) / epochs);

    private Func<double, double> Cosine(int epoch, int epochs) =>
        progress => 0.5 * _options.LearningRate * (1 + Math.Cos(Math.PI * (epoch + progress) / epochs));
}
