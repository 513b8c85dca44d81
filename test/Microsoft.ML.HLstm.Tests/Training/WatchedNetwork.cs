using Microsoft.ML.HLstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Training;

/// <summary>A real network whose losses a test sees, and may change, like its metrics; calls count from 1.</summary>
internal sealed class WatchedNetwork(ITrainableNetwork network, Func<int, Tensor, Tensor> watch, Func<double, double>? metric = null, Action<int>? beforeLoss = null) : ITrainableNetwork
{
    private int _calls;

    public nn.Module Module => network.Module;

    public IReadOnlyList<TrainedParameter> Parameters => network.Parameters;

    public GateActivation Activation { get => network.Activation; set => network.Activation = value; }

    public double DropoutShare { set => network.DropoutShare = value; }

    public bool HasGateHiddenLayers => network.HasGateHiddenLayers;

    public int Rows => network.Rows;

    public string MetricName => network.MetricName;

    public long Length(int row) => network.Length(row);

    public long RowNumber(int row) => network.RowNumber(row);

    public (Tensor Loss, int Predictions) Loss(ReadOnlySpan<int> rows)
    {
        _calls++;
        beforeLoss?.Invoke(_calls);
        (Tensor loss, int predictions) = network.Loss(rows);
        return (watch(_calls, loss), predictions);
    }

    public bool HasTeachers => network.HasTeachers;

    public void BecomeTeacher(double share, Preparation preparation) => network.BecomeTeacher(share, preparation);

    public string? BeforeEpoch(int done, int of, double metric, Preparation preparation) => network.BeforeEpoch(done, of, metric, preparation);

    public void WriteState(BinaryWriter writer) => network.WriteState(writer);

    public void ReadState(BinaryReader reader) => network.ReadState(reader);

    public (double Metric, long FlopsPerStep) Validate(CancellationToken cancellationToken)
    {
        (double measured, long flops) = network.Validate(cancellationToken);
        return (metric?.Invoke(measured) ?? measured, flops);
    }
}
