using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>
/// Convolutions, recurrent layers and a projection to labels, in the manner of DeepSpeech 2 (D. Amodei et al., arXiv 1512.02595),
/// over H-LSTM layers, with the loss of connectionist temporal classification (A. Graves et al., ICML 2006).
/// <see cref="Inference.SpeechWeights"/> says what it computes.
/// </summary>
internal sealed class SpeechNetwork : nn.Module, IDropout
{
    /// <summary>The label that stands for none.</summary>
    private const int Blank = 0;
    private const int RowsTogether = 16;

    private readonly double _dropout;
    private readonly Generator? _random;
    private readonly List<ConvolutionLayer> _convolutions = [];
    private readonly List<HLstmLayer> _layers = [];
    private readonly List<BatchNormalization> _normalizations = [];

    /// <summary>A network with random weights; float64 is for checking gradients.</summary>
    public SpeechNetwork(SpeechShape shape, double dropout, Generator random, ScalarType type = ScalarType.Float32) : base(nameof(SpeechNetwork))
    {
        (Shape, _dropout, _random) = (shape, dropout, random);
        var initial = new Initializer(random, type);
        for (int layer = 0, channels = 1; layer < shape.Convolutions.Count; channels = shape.Convolutions[layer++].Channels)
            _convolutions.Add(Register($"convolution_{layer}", new ConvolutionLayer("convolution", channels, shape.Convolutions[layer], initial)));
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            int input = layer == 0 ? shape.FeatureSize : shape.LayerWidth;
            _layers.Add(Register($"recurrent_{layer}", new HLstmLayer("layer", input, shape.StateSize, shape.Gates, shape.Bidirectional, initial)));
            _normalizations.Add(Register($"normalization_{layer}", new BatchNormalization("normalization", shape.LayerWidth, initial)));
        }

        OutputWeight = initial.Uniform(Initializer.XavierBound(shape.LayerWidth, shape.Labels), shape.Labels, shape.LayerWidth);
        OutputBias = initial.Zeros(shape.Labels);
        register_parameter("output_weight", OutputWeight);
        register_parameter("output_bias", OutputBias);
    }

    public SpeechShape Shape { get; }

    public double DropoutShare { get; set; } = 1;

    public IReadOnlyList<ConvolutionLayer> Convolutions => _convolutions;

    public IReadOnlyList<HLstmLayer> Layers => _layers;

    /// <summary>Of what each recurrent layer puts out.</summary>
    public IReadOnlyList<BatchNormalization> Normalizations => _normalizations;

    /// <summary>(labels, width of the top layer).</summary>
    public Weight OutputWeight { get; }

    public Parameter OutputBias { get; }

    /// <summary>Every recurrent cell, layer by layer.</summary>
    public IEnumerable<HLstmCell> Cells => _layers.SelectMany(layer => layer.Cells);

    /// <summary>Log-probabilities of the labels (T, B, labels); zeros beyond an utterance's steps.</summary>
    public Tensor LogProbabilities(SpeechBatch batch)
    {
        Tensor sequence = Features(batch);
        var mask = new SequenceMask(batch.Steps);
        ValidSteps valid = ValidSteps.TimeFirst(batch.Steps);
        Tensor rows = sequence;
        for (int layer = 0; layer < _layers.Count; layer++)
        {
            Tensor outputs = Join(_layers[layer].Outputs(sequence, mask, _random));
            rows = Dropouts.Apply(_normalizations[layer].Run(valid.Take(outputs.flatten(0, 1))), Dropout, training, _random);
            if (layer < _layers.Count - 1)
                sequence = valid.Put(rows).view(mask.Steps, mask.Lengths.Count, Shape.LayerWidth);
        }

        Tensor logits = Products.Linear(rows, OutputWeight, OutputBias);
        return valid.Put(nn.functional.log_softmax(logits, 1)).view(mask.Steps, mask.Lengths.Count, Shape.Labels);
    }

    /// <summary>Shows the log-probabilities (steps, labels) of each utterance as it was recorded, with dropout off.</summary>
    /// <param name="utterances">The utterances.</param>
    /// <param name="show">Takes the number of an utterance and its log-probabilities, which are freed afterwards.</param>
    /// <param name="preparation">Told about every batch.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void ForEach(IReadOnlyList<Utterance> utterances, Action<int, Tensor> show, Preparation preparation) =>
        preparation.ForEachBatch(this, utterances.Count, RowsTogether, row => utterances[row].Frames.Length, rows =>
        {
            var batch = new SpeechBatch(Array.ConvertAll(rows, row => utterances[row]), Shape);
            Tensor logProbabilities = LogProbabilities(batch);
            for (int i = 0; i < rows.Length; i++)
                show(rows[i], logProbabilities.select(1, i).narrow(0, 0, batch.Steps[i]).contiguous());
        });

    /// <summary>
    /// The mean loss of a label: -log of the probability of all paths through an utterance's labels, summed over the batch, with
    /// the teachers' share of it replaced by the cross entropy against their probabilities, step by step. An utterance
    /// whose labels do not fit its steps has no loss. With <paramref name="consistency"/> the divergence of the batch's two halves counts, too,
    /// and with <paramref name="information"/> what else could have been said.
    /// </summary>
    public Tensor Loss(SpeechBatch batch, SpeechTargets? teachers = null, double consistency = 0, MutualInformation? information = null)
    {
        Tensor logProbabilities = LogProbabilities(batch);
        Tensor loss = nn.functional.ctc_loss(logProbabilities, batch.Labels, tensor(batch.Steps, ScalarType.Int64), tensor(batch.LabelLengths, ScalarType.Int64),
            Blank, zero_infinity: true, reduction: nn.Reduction.Sum);
        if (information is not null)
            loss = loss.Plus(information.Loss(logProbabilities, batch));
        if (teachers is not null)
            loss = loss.Times(1 - teachers.Share) - (teachers.Probabilities * logProbabilities).sum().Times(teachers.Share);
        if (consistency > 0)
            loss = loss.Plus(Consistency.Divergence(logProbabilities, 1).Times(consistency));
        return loss.DividedBy(batch.Predictions);
    }

    /// <summary>What the first recurrent layer reads (T, B, channels · bins).</summary>
    public Tensor Features(SpeechBatch batch)
    {
        Tensor maps = batch.Frames.unsqueeze(3).to(OutputBias.dtype);
        int[] lengths = batch.Lengths;
        foreach (ConvolutionLayer layer in _convolutions)
            (maps, lengths) = layer.Run(maps, lengths);
        return maps.permute(1, 0, 3, 2).flatten(2);
    }

    private double Dropout => _dropout * DropoutShare;

    private Tensor Join(Tensor[] directions) =>
        directions.Length == 1 ? directions[0] : Shape.SumDirections ? directions[0].Plus(directions[1]) : cat(directions, 2);

    private TModule Register<TModule>(string name, TModule module) where TModule : nn.Module
    {
        register_module(name, module);
        return module;
    }
}
