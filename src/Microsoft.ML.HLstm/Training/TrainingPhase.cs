namespace Microsoft.ML.HLstm;

/// <summary>The phases of grow-and-prune training, in their order.</summary>
public enum TrainingPhase
{
    /// <summary>Training from a sparse seed; dormant connections with large gradients are activated.</summary>
    Grow,

    /// <summary>Training with the connections that there are: all of them, or what is left after growth.</summary>
    Train,

    /// <summary>Retraining after the gates' leaky ReLU became ReLU.</summary>
    ActivationShift,

    /// <summary>Retraining after the smallest active weights were removed.</summary>
    Prune,

    /// <summary>
    /// Going over the training data for what later epochs learn from: what a teacher predicts, or where words begin and end. Only progress
    /// names this phase; it has no epochs.
    /// </summary>
    Prepare,
}
