using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>A speech network with its training data and its validation.</summary>
internal sealed class SpeechTraining : ITrainableNetwork
{
    private readonly SpeechNetwork _network;
    private readonly IReadOnlyList<Utterance> _utterances;
    private readonly Func<SpeechWeights, CancellationToken, double> _validate;
    private readonly Augmentation _augmentation;
    private SpeechTeacher? _teacher;

    /// <summary>A network to train.</summary>
    /// <param name="network">The network.</param>
    /// <param name="utterances">What it is trained on.</param>
    /// <param name="validate">The word accuracy of weights, 100 (1 - WER).</param>
    /// <param name="options">The options.</param>
    /// <param name="augmentation">Decides how utterances are changed.</param>
    public SpeechTraining(SpeechNetwork network, IReadOnlyList<Utterance> utterances, Func<SpeechWeights, CancellationToken, double> validate,
        SpeechRecognitionOptions options, Random augmentation)
    {
        (_network, _utterances, _validate, _augmentation) = (network, utterances, validate, new Augmentation(options, network.Shape, augmentation));
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

    public int Rows => _utterances.Count;

    public string MetricName => "WordAccuracy";

    public long Length(int row) => ((long)_utterances[row].Frames.Length << 32) + _utterances[row].Labels.Length;

    public long RowNumber(int row) => _utterances[row].Row;

    public (Tensor Loss, int Predictions) Loss(ReadOnlySpan<int> rows)
    {
        var utterances = new Utterance[rows.Length];
        for (int i = 0; i < rows.Length; i++)
            utterances[i] = _network.training ? _augmentation.Apply(_utterances[rows[i]]) : _utterances[rows[i]];
        var batch = new SpeechBatch(utterances, _network.Shape);
        return (_network.Loss(batch, _teacher?.For(rows, batch.Steps)), batch.Predictions);
    }

    public void BecomeTeacher(double share, CancellationToken cancellationToken) =>
        _teacher = new SpeechTeacher(_network, _utterances, share, cancellationToken);

    public (double Metric, long FlopsPerStep) Validate(CancellationToken cancellationToken)
    {
        SpeechWeights weights = SpeechExport.Weights(_network);
        long active = weights.Cells.SelectMany(cell => cell.Matrices).Append(weights.Output.Weight).Sum(matrix => (long)matrix.ActiveConnections);
        return (_validate(weights, cancellationToken), 2 * active);
    }

    /// <summary>The matrices whose connections may be masked; kernels are small and used at every position.</summary>
    private IEnumerable<(Parameter Parameter, MaskedMatrices Group)> Groups()
    {
        foreach (Parameter matrix in _network.Cells.SelectMany(cell => cell.Matrices()))
            yield return (matrix, MaskedMatrices.Gates);
        yield return (_network.OutputWeight, MaskedMatrices.OutputProjection);
    }
}
