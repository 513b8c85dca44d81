using Microsoft.ML.HLstm.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>
/// The captioning network of A. Karpathy and L. Fei-Fei (arXiv 1412.2306, NeuralTalk) as O. Vinyals et al. (arXiv 1411.4555)
/// feed it: the picture's projected features are the first input, then the words; over H-LSTM layers. With attention, each step
/// looks at the regions of a grid (M.-T. Luong et al., arXiv 1508.04025).
/// F is the width of a region's features, E the embedding's, H the state's, A that of what the output projection reads.
/// </summary>
internal sealed class CaptionNetwork : nn.Module, IDropout
{
    private readonly CaptionShape _shape;
    private readonly double _dropout;
    private readonly Generator? _random;
    private readonly Weight _featureWeight;
    private readonly Parameter _featureBias;
    private readonly Weight _embedding;
    private readonly Weight _outputWeight;
    private readonly Parameter _outputBias;
    private readonly List<HLstmLayer> _layers = [];
    private readonly LuongAttention? _attention;

    /// <summary>A network with random weights; float64 is for checking gradients.</summary>
    public CaptionNetwork(CaptionShape shape, double dropout, Generator random, ScalarType type = ScalarType.Float32) : base(nameof(CaptionNetwork))
    {
        (_shape, _dropout, _random) = (shape, dropout, random);
        var initial = new Initializer(random, type);
        _featureWeight = Register("feature_weight", initial.Uniform(Initializer.XavierBound(shape.FeatureSize, shape.EmbeddingSize), shape.EmbeddingSize, shape.FeatureSize));
        _featureBias = Register("feature_bias", initial.Zeros(shape.EmbeddingSize));
        // Tied rows are also output weights, so their bound is that of an output layer.
        _embedding = Register("embedding", initial.Uniform(Math.Sqrt(3.0 / shape.EmbeddingSize), shape.Vocabulary, shape.EmbeddingSize));
        _outputWeight = shape.TieOutput
            ? _embedding
            : Register("output_weight", initial.Uniform(Math.Sqrt(3.0 / shape.OutputSize), shape.Vocabulary, shape.OutputSize));
        _outputBias = Register("output_bias", initial.Zeros(shape.Vocabulary));
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            int input = layer > 0 ? shape.StateSize : shape.EmbeddingSize + (shape.Attention ? shape.OutputSize : 0);
            _layers.Add(RegisterModule($"layer_{layer}", new HLstmLayer("layer", input, shape.StateSize, shape.Gates, bidirectional: false, initial)));
        }

        if (shape.Attention)
            _attention = RegisterModule("attention", new LuongAttention("attention", shape.StateSize, shape.EmbeddingSize, shape.OutputSize, initial));
    }

    public CaptionShape Shape => _shape;

    public double DropoutShare { get; set; } = 1;

    public Weight FeatureWeight => _featureWeight;

    public Parameter FeatureBias => _featureBias;

    public Weight Embedding => _embedding;

    public Weight OutputWeight => _outputWeight;

    public Parameter OutputBias => _outputBias;

    public LuongAttention? Attention => _attention;

    /// <summary>Every recurrent cell, the lowest first.</summary>
    public IReadOnlyList<HLstmCell> Cells => [.. _layers.Select(layer => layer.Forward)];

    /// <summary>What the output projection reads (N, A) for the tokens that a batch predicts.</summary>
    public Tensor Predict(CaptionBatch batch)
    {
        // (B, regions, E)
        Tensor pictures = Products.Linear(batch.Images.to(_featureBias.dtype), _featureWeight, _featureBias);
        Tensor first = pictures.mean([1]).unsqueeze(0);
        Tensor inputs = Drop(cat([first, Products.Rows(_embedding, batch.Words)], 0));
        Tensor vectors = _attention is null ? Run(inputs, batch.Mask) : Attend(_attention, pictures, inputs);
        return vectors.view(-1, vectors.shape[2]).index_select(0, batch.Positions);
    }

    /// <summary>Logits (N, vocabulary) of vectors (N, A).</summary>
    public Tensor Logits(Tensor vectors) => Products.Linear(vectors, _outputWeight, _outputBias);

    /// <summary>The mean cross entropy of vectors (N, A) against labels (N), of which some are ignored, and a teacher.</summary>
    public Tensor Loss(Tensor vectors, Tensor labels, long ignored, double smoothing, SoftTargets? teacher = null, double consistency = 0) =>
        Products.CrossEntropy(vectors, _outputWeight, _outputBias, labels, ignored, smoothing, teacher, consistency);

    /// <summary>Inputs (T, B, E) to the top layer's outputs (T, B, H).</summary>
    private Tensor Run(Tensor inputs, SequenceMask mask)
    {
        foreach (HLstmLayer layer in _layers)
            inputs = Drop(layer.Run(inputs, mask, _random).Outputs);
        return inputs;
    }

    /// <summary>Pictures (B, regions, E) and inputs (T, B, E) to attentional vectors (T, B, A).</summary>
    private Tensor Attend(LuongAttention attention, Tensor pictures, Tensor inputs)
    {
        IReadOnlyList<HLstmCell> cells = Cells;
        long batch = pictures.shape[0];
        var decoder = new AttentionDecoder(cells, attention) { FeedColumn = _shape.EmbeddingSize, DropMask = DropMask, Random = _random };
        Tensor[] Zeros() => [.. cells.Select(cell => zeros(batch, cell.StateSize, inputs.dtype))];
        return decoder.Run(
            cells[0].ProjectInput(inputs, _shape.EmbeddingSize),
            Drop(pictures).transpose(0, 1),
            new SequenceMask([.. Enumerable.Repeat((int)pictures.shape[1], (int)batch)]),
            Zeros(), Zeros());
    }

    private double Dropout => _dropout * DropoutShare;

    private Tensor? DropMask(long[] shape) =>
        training && Dropout > 0 ? Dropouts.Mask(shape, Dropout, _outputBias, _random) : null;

    private Tensor Drop(Tensor values) => Dropouts.Apply(values, Dropout, training, _random);

    private TParameter Register<TParameter>(string name, TParameter parameter) where TParameter : Parameter
    {
        register_parameter(name, parameter);
        return parameter;
    }

    private TModule RegisterModule<TModule>(string name, TModule module) where TModule : nn.Module
    {
        register_module(name, module);
        return module;
    }
}
