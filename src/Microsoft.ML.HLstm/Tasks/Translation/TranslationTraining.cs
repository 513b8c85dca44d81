using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>A translation network with its training data and its validation.</summary>
internal sealed class TranslationTraining : TrainableNetwork
{
    private readonly TranslationNetwork _network;
    private readonly IReadOnlyList<SentencePair> _pairs;
    private readonly TranslationValidation _validation;
    private readonly double _labelSmoothing;
    private bool _hasTeachers;
    private TeacherPredictions? _teacher;

    /// <summary>A network to train on <paramref name="pairs"/>.</summary>
    public TranslationTraining(TranslationNetwork network, IReadOnlyList<SentencePair> pairs, TranslationValidation validation, TranslationOptions options)
        : base(network, network.Cells, Groups(network), options)
    {
        (_network, _pairs, _validation, _labelSmoothing) = (network, pairs, validation, options.LabelSmoothing);
        _teacher = options.GrowAndPrune.Distils || options.Teachers.Count > 0 ? MakeTeacher() : null;
    }

    public override bool HasTeachers => _hasTeachers;

    public override int Rows => _pairs.Count;

    public override string MetricName => "BLEU";

    public override long Length(int row) => ((long)_pairs[row].Source.Length << 32) + _pairs[row].Target.Length;

    public override long RowNumber(int row) => _pairs[row].Row;

    public override (Tensor Loss, int Predictions) Loss(ReadOnlySpan<int> rows)
    {
        int[] views = Views(rows);
        TranslationBatch batch = Batch(views);
        double smoothing = _network.training ? _labelSmoothing : 0;
        Tensor loss = _network.Loss(_network.Predict(batch), batch.Labels, TranslationBatch.Ignored, smoothing, _teacher?.For(views), ConsistencyWeight);
        return (loss, batch.Predictions);
    }

    public override void BecomeTeacher(double share, Preparation preparation) =>
        Learn(rows => _network.Probabilities(Batch(rows)), share, preparation);

    /// <summary>Keeps what other models predict together for every training row, for the whole run.</summary>
    public void LearnFrom(TranslationTeachers teachers, double share, Preparation preparation)
    {
        Learn(teachers.Predict, share, preparation);
        _hasTeachers = true;
    }

    public override (double Metric, long FlopsPerStep) Validate(CancellationToken cancellationToken)
    {
        TranslationWeights weights = TranslationExport.Weights(_network);
        return (_validation.Bleu(weights, cancellationToken), weights.FlopsPerDecodingStep);
    }

    private TranslationBatch Batch(int[] rows) => new(Array.ConvertAll(rows, row => _pairs[row]));

    private void Learn(Func<int[], Tensor> predict, double share, Preparation preparation) =>
        (_teacher ??= MakeTeacher()).Predict(predict, share, preparation);

    private TeacherPredictions MakeTeacher() => new(this, _network.Shape.TargetVocabulary, row => _pairs[row].Target.Length + 1);

    /// <summary>The matrices beside the gates whose connections may be masked. A tied projection counts as an embedding and as a projection.</summary>
    private static IEnumerable<(Parameter Matrix, MaskedMatrices Group)> Groups(TranslationNetwork network)
    {
        yield return (network.Attention.Score, MaskedMatrices.Attention);
        yield return (network.Attention.Combine, MaskedMatrices.Attention);
        foreach (Networks.Bridge bridge in network.Bridges)
        {
            yield return (bridge.StateWeight, MaskedMatrices.Attention);
            yield return (bridge.CellWeight, MaskedMatrices.Attention);
        }

        yield return (network.SourceEmbedding, MaskedMatrices.Embeddings);
        yield return (network.TargetEmbedding, MaskedMatrices.Embeddings | (network.Shape.TieOutput ? MaskedMatrices.OutputProjection : 0));
        if (!network.Shape.TieOutput)
            yield return (network.OutputWeight, MaskedMatrices.OutputProjection);
    }
}
