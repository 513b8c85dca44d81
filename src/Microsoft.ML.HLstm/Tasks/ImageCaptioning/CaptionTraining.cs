using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>A captioning network with its training data and its validation.</summary>
internal sealed class CaptionTraining : ITrainableNetwork
{
    private readonly CaptionNetwork _network;
    private readonly IReadOnlyList<CaptionExample> _examples;
    private readonly Func<CaptionWeights, CancellationToken, double> _metric;
    private readonly double _labelSmoothing;
    private TeacherPredictions? _teacher;
    private double _teacherShare;

    /// <summary>A network to train on <paramref name="examples"/>.</summary>
    public CaptionTraining(CaptionNetwork network, IReadOnlyList<CaptionExample> examples, Func<CaptionWeights, CancellationToken, double> metric, ImageCaptioningOptions options)
    {
        (_network, _examples, _metric, _labelSmoothing) = (network, examples, metric, options.LabelSmoothing);
        MaskedMatrices wanted = options.GrowAndPrune.Matrices;
        var groups = Groups().ToDictionary(entry => entry.Parameter.Handle, entry => entry.Group & wanted);
        Parameters = [.. network.named_parameters().Select(entry =>
            new TrainedParameter(entry.name, entry.parameter, groups.GetValueOrDefault(entry.parameter.Handle), options.GrowAndPrune.FirstPattern))];
    }

    public nn.Module Module => _network;

    public IReadOnlyList<TrainedParameter> Parameters { get; }

    public GateActivation Activation
    {
        get => _network.Cells[0].Activation;
        set
        {
            foreach (Networks.HLstmCell cell in _network.Cells)
                cell.Activation = value;
        }
    }

    public bool HasGateHiddenLayers => _network.Shape.Gates.HiddenLayers > 0;

    public int Rows => _examples.Count;

    public string MetricName => CaptionValidation.MetricName;

    public long Length(int row) => _examples[row].Caption.Length;

    public long RowNumber(int row) => _examples[row].Row;

    public (Tensor Loss, int Predictions) Loss(ReadOnlySpan<int> rows)
    {
        CaptionBatch batch = Batch(rows);
        double smoothing = _network.training ? _labelSmoothing : 0;
        Tensor loss = _network.Loss(_network.Predict(batch), batch.Labels, CaptionBatch.Ignored, smoothing, _teacher?.For(rows, _teacherShare));
        return (loss, batch.Predictions);
    }

    public void BecomeTeacher(double share, CancellationToken cancellationToken) =>
        (_teacher, _teacherShare) = (new TeacherPredictions(this, _network.Shape.Vocabulary, row => _examples[row].Caption.Length + 1,
            rows => _network.Logits(_network.Predict(Batch(rows))), cancellationToken), share);

    public (double Metric, long FlopsPerStep) Validate(CancellationToken cancellationToken)
    {
        CaptionWeights weights = CaptionExport.Weights(_network);
        return (_metric(weights, cancellationToken), weights.FlopsPerDecodingStep);
    }

    private CaptionBatch Batch(ReadOnlySpan<int> rows)
    {
        var examples = new CaptionExample[rows.Length];
        for (int i = 0; i < rows.Length; i++)
            examples[i] = _examples[rows[i]];
        return new CaptionBatch(examples, _network.Shape.FeatureSize);
    }

    /// <summary>The matrices whose connections may be masked. A tied projection counts as an embedding and as a projection.</summary>
    private IEnumerable<(Parameter Parameter, MaskedMatrices Group)> Groups()
    {
        foreach (Parameter matrix in _network.Cells.SelectMany(cell => cell.Matrices()))
            yield return (matrix, MaskedMatrices.Gates);
        yield return (_network.FeatureWeight, MaskedMatrices.Attention);
        if (_network.Attention is { } attention)
        {
            yield return (attention.Score, MaskedMatrices.Attention);
            yield return (attention.Combine, MaskedMatrices.Attention);
        }

        yield return (_network.Embedding, MaskedMatrices.Embeddings | (_network.Shape.TieOutput ? MaskedMatrices.OutputProjection : 0));
        if (!_network.Shape.TieOutput)
            yield return (_network.OutputWeight, MaskedMatrices.OutputProjection);
    }
}
