namespace Microsoft.ML.HLstm.Training;

/// <summary>What a run does next. The numbers are in checkpoints: never change one, only add.</summary>
internal enum TrainingStage : byte
{
    /// <summary>Epochs of training before growth, and growth.</summary>
    Grow = 0,

    /// <summary>Epochs with the connections that there are.</summary>
    Train = 1,

    /// <summary>The activation shift.</summary>
    Shift = 2,

    /// <summary>Epochs of retraining after the activation shift.</summary>
    Retrain = 3,

    /// <summary>The choice of the pattern to prune by.</summary>
    Choose = 4,

    /// <summary>A round of pruning.</summary>
    Prune = 5,

    /// <summary>Epochs of retraining after a round of pruning.</summary>
    Recover = 6,

    /// <summary>Nothing: there is a model to return.</summary>
    Finished = 7,

    /// <summary>The last retraining of the model to return, when pruning ended before its last round.</summary>
    Settle = 8,
}
