using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>A translation network with its training data and its validation.</summary>
internal sealed class TranslationTraining : ITrainableNetwork
{
    private readonly TranslationNetwork _network;
    private readonly IReadOnlyList<SentencePair> _pairs;
    private readonly TranslationValidation _validation;
    private readonly double _labelSmoothing;
    private TeacherPredictions? _teacher;
    private double _teacherShare;

    /// <summary>A network to train on <paramref name="pairs"/>.</summary>
    public TranslationTraining(TranslationNetwork network, IReadOnlyList<SentencePair> pairs, TranslationValidation validation, TranslationOptions options)
    {
        (_network, _pairs, _validation, _labelSmoothing) = (network, pairs, validation, options.LabelSmoothing);
        MaskedMatrices wanted = options.GrowAndPrune.Matrices;
        var groups = Groups().ToDictionary(entry => entry.Parameter.Handle, entry => entry.Group & wanted);
        Parameters = [.. network.named_parameters().Select(entry =>
            new TrainedParameter(entry.name, entry.parameter, groups.GetValueOrDefault(entry.parameter.Handle), options.GrowAndPrune.FirstPattern))];
    }

    public nn.Module Module => _network;

    public IReadOnlyList<TrainedParameter> Parameters { get; }

    public GateActivation Activation
    {
        get => _network.Cells.First().Activation;
        set
        {
            foreach (Networks.HLstmCell cell in _network.Cells)
                cell.Activation = value;
        }
    }

    public bool HasGateHiddenLayers => _network.Shape.Gates.HiddenLayers > 0;

    public int Rows => _pairs.Count;

    public string MetricName => "BLEU";

    public long Length(int row) => ((long)_pairs[row].Source.Length << 32) + _pairs[row].Target.Length;

    public long RowNumber(int row) => _pairs[row].Row;

    public (Tensor Loss, int Predictions) Loss(ReadOnlySpan<int> rows)
    {
        var pairs = new SentencePair[rows.Length];
        for (int i = 0; i < rows.Length; i++)
            pairs[i] = _pairs[rows[i]];
        var batch = new TranslationBatch(pairs);
        double smoothing = _network.training ? _labelSmoothing : 0;
        Tensor loss = _network.Loss(_network.Predict(batch), batch.Labels, TranslationBatch.Ignored, smoothing, _teacher?.For(rows, _teacherShare));
        return (loss, batch.Predictions);
    }

    public void BecomeTeacher(double share, CancellationToken cancellationToken) =>
        (_teacher, _teacherShare) = (new TeacherPredictions(this, _network.Shape.TargetVocabulary, row => _pairs[row].Target.Length + 1,
            rows => _network.Logits(_network.Predict(new TranslationBatch([.. rows.Select(row => _pairs[row])]))), cancellationToken), share);

    public (double Metric, long FlopsPerStep) Validate(CancellationToken cancellationToken)
    {
        TranslationWeights weights = TranslationExport.Weights(_network);
        return (_validation.Bleu(weights, cancellationToken), weights.FlopsPerDecodingStep);
    }

    /// <summary>The matrices whose connections may be masked. A tied projection counts as an embedding and as a projection.</summary>
    private IEnumerable<(Parameter Parameter, MaskedMatrices Group)> Groups()
    {
        foreach (Parameter matrix in _network.Cells.SelectMany(cell => cell.Matrices()))
            yield return (matrix, MaskedMatrices.Gates);
        yield return (_network.Attention.Score, MaskedMatrices.Attention);
        yield return (_network.Attention.Combine, MaskedMatrices.Attention);
        foreach (Networks.Bridge bridge in _network.Bridges)
        {
            yield return (bridge.StateWeight, MaskedMatrices.Attention);
            yield return (bridge.CellWeight, MaskedMatrices.Attention);
        }

        yield return (_network.SourceEmbedding, MaskedMatrices.Embeddings);
        yield return (_network.TargetEmbedding, MaskedMatrices.Embeddings | (_network.Shape.TieOutput ? MaskedMatrices.OutputProjection : 0));
        if (!_network.Shape.TieOutput)
            yield return (_network.OutputWeight, MaskedMatrices.OutputProjection);
    }
}
