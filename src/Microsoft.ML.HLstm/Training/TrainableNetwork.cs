using Microsoft.ML.HLstm.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Training;

/// <summary>What the networks of all tasks have in common: recurrent cells, and matrices whose connections may be masked.</summary>
internal abstract class TrainableNetwork : ITrainableNetwork
{
    // A gate sums up hidden activations that are positive or zero, so that steps of one size add up and move it more than an LSTM's gate.
    private const double GateOutputRate = 0.3;

    private readonly HLstmCell[] _cells;
    private readonly double _consistency;

    /// <summary>A network to train.</summary>
    /// <param name="module">All of it.</param>
    /// <param name="cells">Its cells, whose matrices are gates.</param>
    /// <param name="others">What its further matrices belong to; those that are left out are never masked.</param>
    /// <param name="options">Which of them are masked, and how many views of a row are computed.</param>
    protected TrainableNetwork(nn.Module module, IEnumerable<HLstmCell> cells, IEnumerable<(Parameter Matrix, MaskedMatrices Group)> others, SequenceTrainerOptions options)
    {
        (Module, _cells, _consistency) = (module, [.. cells], options.ConsistencyWeight);
        GrowAndPruneSchedule schedule = options.GrowAndPrune;
        var groups = _cells.SelectMany(cell => cell.Matrices()).Select(matrix => (Matrix: matrix, Group: MaskedMatrices.Gates)).Concat(others)
            .ToDictionary(entry => entry.Matrix.Handle, entry => entry.Group & schedule.Matrices);
        HashSet<IntPtr> gateOutputs = [.. _cells.Select(cell => cell.OutputWeight).OfType<Weight>().Select(weight => weight.Handle)];
        Parameters = [.. module.named_parameters().Select(entry =>
            new TrainedParameter(entry.name, entry.parameter, groups.GetValueOrDefault(entry.parameter.Handle), schedule.FirstPattern)
            {
                LearningRateShare = gateOutputs.Contains(entry.parameter.Handle) ? GateOutputRate : 1,
            })];
    }

    public nn.Module Module { get; }

    public IReadOnlyList<TrainedParameter> Parameters { get; }

    public GateActivation Activation
    {
        get => _cells[0].Activation;
        set
        {
            foreach (HLstmCell cell in _cells)
                cell.Activation = value;
        }
    }

    public double DropoutShare
    {
        set
        {
            foreach (IDropout part in Module.modules().Prepend(Module).OfType<IDropout>())
                part.DropoutShare = value;
        }
    }

    public bool HasGateHiddenLayers => _cells[0].Gates.HiddenLayers > 0;

    public virtual bool HasTeachers => false;

    public abstract int Rows { get; }

    /// <summary>What the divergence of two views counts in the loss now; 0 for one view.</summary>
    protected double ConsistencyWeight => Module.training ? _consistency : 0;

    public abstract string MetricName { get; }

    public abstract long Length(int row);

    public abstract long RowNumber(int row);

    public abstract (Tensor Loss, int Predictions) Loss(ReadOnlySpan<int> rows);

    public abstract void BecomeTeacher(double share, Preparation preparation);

    public virtual string? BeforeEpoch(int done, int of, double metric, Preparation preparation) => null;

    public virtual void WriteState(BinaryWriter writer)
    {
    }

    public virtual void ReadState(BinaryReader reader)
    {
    }

    /// <summary>The rows of a batch, a second time behind the first where two views of them are computed.</summary>
    protected T[] Views<T>(ReadOnlySpan<T> rows) => ConsistencyWeight > 0 ? [.. rows, .. rows] : rows.ToArray();

    public abstract (double Metric, long FlopsPerStep) Validate(CancellationToken cancellationToken);
}
