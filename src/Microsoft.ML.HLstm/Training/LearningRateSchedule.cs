namespace Microsoft.ML.HLstm;

/// <summary>How the learning rate falls before pruning.</summary>
public enum LearningRateSchedule
{
    /// <summary>
    /// By <see cref="SequenceTrainerOptions.LearningRateDecay"/> when the metric has not improved for
    /// <see cref="SequenceTrainerOptions.PlateauPatience"/> epochs; training ends when it has not for
    /// <see cref="SequenceTrainerOptions.EarlyStoppingPatience"/>.
    /// </summary>
    Plateau,

    /// <summary>
    /// From batch to batch along half a cosine to 0 (I. Loshchilov, F. Hutter, arXiv 1608.03983), over all
    /// <see cref="SequenceTrainerOptions.Epochs"/>, which are all trained.
    /// </summary>
    Cosine,
}
