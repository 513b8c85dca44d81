using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Training;

/// <summary>A task's network with its training data, as the training loop sees it.</summary>
internal interface ITrainableNetwork
{
    /// <summary>The module, for switching dropout on and off.</summary>
    nn.Module Module { get; }

    /// <summary>All parameters; a matrix whose connections may be masked names its group.</summary>
    IReadOnlyList<TrainedParameter> Parameters { get; }

    /// <summary>The activation of the gates' hidden layers.</summary>
    GateActivation Activation { get; set; }

    /// <summary>What every probability of dropout is multiplied by, from 0 to 1.</summary>
    double DropoutShare { set; }

    /// <summary>True when gates have hidden layers, so that an activation shift means something.</summary>
    bool HasGateHiddenLayers { get; }

    /// <summary>Training rows.</summary>
    int Rows { get; }

    /// <summary>Name of the validation metric; higher is better.</summary>
    string MetricName { get; }

    /// <summary>Orders rows by length, so that batches have little padding.</summary>
    long Length(int row);

    /// <summary>The row's number in the user's data.</summary>
    long RowNumber(int row);

    /// <summary>The mean loss over the predicted tokens of some rows, and how many there are.</summary>
    (Tensor Loss, int Predictions) Loss(ReadOnlySpan<int> rows);

    /// <summary>True when other models teach it from the start, so that it need not become a teacher itself.</summary>
    bool HasTeachers { get; }

    /// <summary>
    /// Keeps what the network predicts now: from then on this decides <paramref name="share"/> of the targets, and the labels
    /// the rest.
    /// </summary>
    void BecomeTeacher(double share, Preparation preparation);

    /// <summary>
    /// Called before every epoch, with the averaged weights: what a task works out from its training data with the network as it is then.
    /// </summary>
    /// <param name="done">Epochs of the run that are over.</param>
    /// <param name="of">Epochs until pruning.</param>
    /// <param name="metric">The validation metric of the last one; NaN before there is one.</param>
    /// <param name="preparation">For going over the training data.</param>
    /// <returns>What was decided, for the history; null for nothing.</returns>
    string? BeforeEpoch(int done, int of, double metric, Preparation preparation);

    /// <summary>Writes what <see cref="BeforeEpoch"/> has worked out.</summary>
    void WriteState(BinaryWriter writer);

    /// <summary>Reads what <see cref="WriteState"/> wrote.</summary>
    void ReadState(BinaryReader reader);

    /// <summary>The validation metric of the present weights, by the code that will score, and the weight FLOPs of one scoring step.</summary>
    (double Metric, long FlopsPerStep) Validate(CancellationToken cancellationToken);
}
