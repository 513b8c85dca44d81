using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>A captioning network with its training data and its validation.</summary>
internal sealed class CaptionTraining : TrainableNetwork
{
    private readonly CaptionNetwork _network;
    private readonly IReadOnlyList<CaptionExample> _examples;
    private readonly Func<CaptionWeights, CancellationToken, double> _metric;
    private readonly double _labelSmoothing;
    private TeacherPredictions? _teacher;

    /// <summary>A network to train on <paramref name="examples"/>.</summary>
    public CaptionTraining(CaptionNetwork network, IReadOnlyList<CaptionExample> examples, Func<CaptionWeights, CancellationToken, double> metric, ImageCaptioningOptions options)
        : base(network, network.Cells, Groups(network), options)
    {
        (_network, _examples, _metric, _labelSmoothing) = (network, examples, metric, options.LabelSmoothing);
        _teacher = options.GrowAndPrune.Distils ? MakeTeacher() : null;
    }

    public override int Rows => _examples.Count;

    public override string MetricName => CaptionValidation.MetricName;

    public override long Length(int row) => _examples[row].Caption.Length;

    public override long RowNumber(int row) => _examples[row].Row;

    public override (Tensor Loss, int Predictions) Loss(ReadOnlySpan<int> rows)
    {
        int[] views = Views(rows);
        CaptionBatch batch = Batch(views);
        double smoothing = _network.training ? _labelSmoothing : 0;
        Tensor loss = _network.Loss(_network.Predict(batch), batch.Labels, CaptionBatch.Ignored, smoothing, _teacher?.For(views), ConsistencyWeight);
        return (loss, batch.Predictions);
    }

    public override void BecomeTeacher(double share, Preparation preparation) =>
        (_teacher ??= MakeTeacher()).Predict(rows => _network.Logits(_network.Predict(Batch(rows))).softmax(1), share, preparation);

    public override (double Metric, long FlopsPerStep) Validate(CancellationToken cancellationToken)
    {
        CaptionWeights weights = CaptionExport.Weights(_network);
        return (_metric(weights, cancellationToken), weights.FlopsPerDecodingStep);
    }

    private TeacherPredictions MakeTeacher() => new(this, _network.Shape.Vocabulary, row => _examples[row].Caption.Length + 1);

    private CaptionBatch Batch(int[] rows) => new(Array.ConvertAll(rows, row => _examples[row]), _network.Shape.FeatureSize);

    /// <summary>The matrices beside the gates whose connections may be masked. A tied projection counts as an embedding and as a projection.</summary>
    private static IEnumerable<(Parameter Matrix, MaskedMatrices Group)> Groups(CaptionNetwork network)
    {
        yield return (network.FeatureWeight, MaskedMatrices.Attention);
        if (network.Attention is { } attention)
        {
            yield return (attention.Score, MaskedMatrices.Attention);
            yield return (attention.Combine, MaskedMatrices.Attention);
        }

        yield return (network.Embedding, MaskedMatrices.Embeddings | (network.Shape.TieOutput ? MaskedMatrices.OutputProjection : 0));
        if (!network.Shape.TieOutput)
            yield return (network.OutputWeight, MaskedMatrices.OutputProjection);
    }
}
