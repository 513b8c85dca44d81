using Microsoft.ML.HLstm.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>
/// The encoder-decoder with attention and input feeding of M.-T. Luong et al. (arXiv 1508.04025) over H-LSTM layers.
/// E is the embeddings' width, H the state's, C the encoder outputs' (2H when it reads both ways), A the attention's.
/// </summary>
internal sealed class TranslationNetwork : nn.Module, IDropout
{
    private readonly TranslationShape _shape;
    private readonly double _dropout;
    private readonly Generator? _random;
    private readonly Weight _sourceEmbedding;
    private readonly Weight _targetEmbedding;
    private readonly Weight _outputWeight;
    private readonly Parameter _outputBias;
    private readonly List<HLstmLayer> _encoder = [];
    private readonly List<HLstmCell> _decoder = [];
    private readonly List<Bridge> _bridges = [];
    private readonly LuongAttention _attention;

    /// <summary>A network with random weights; float64 is for checking gradients.</summary>
    public TranslationNetwork(TranslationShape shape, double dropout, Generator random, ScalarType type = ScalarType.Float32) : base(nameof(TranslationNetwork))
    {
        (_shape, _dropout, _random) = (shape, dropout, random);
        var initial = new Initializer(random, type);
        // Tied rows are also output weights, so their bound is that of an output layer.
        double embeddingBound = Math.Sqrt(3.0 / shape.EmbeddingSize);
        _sourceEmbedding = Register("source_embedding", initial.Uniform(embeddingBound, shape.SourceVocabulary, shape.EmbeddingSize));
        _targetEmbedding = Register("target_embedding", initial.Uniform(embeddingBound, shape.TargetVocabulary, shape.EmbeddingSize));
        _outputWeight = shape.TieOutput
            ? _targetEmbedding
            : Register("output_weight", initial.Uniform(embeddingBound, shape.TargetVocabulary, shape.AttentionSize));
        _outputBias = Register("output_bias", initial.Zeros(shape.TargetVocabulary));
        for (int layer = 0; layer < shape.EncoderLayers; layer++)
        {
            int input = layer == 0 ? shape.EmbeddingSize : shape.MemorySize;
            _encoder.Add(RegisterModule($"encoder_{layer}", new HLstmLayer("layer", input, shape.StateSize, shape.Gates, shape.Bidirectional, initial)));
        }

        for (int layer = 0; layer < shape.DecoderLayers; layer++)
        {
            int input = layer > 0 ? shape.StateSize : shape.EmbeddingSize + (shape.InputFeeding ? shape.AttentionSize : 0);
            _decoder.Add(RegisterModule($"decoder_{layer}", new HLstmCell("cell", input, shape.StateSize, shape.Gates, initial)));
            _bridges.Add(RegisterModule($"bridge_{layer}", new Bridge("bridge", shape.MemorySize, shape.StateSize, initial)));
        }

        _attention = RegisterModule("attention", new LuongAttention("attention", shape.StateSize, shape.MemorySize, shape.AttentionSize, initial));
    }

    public TranslationShape Shape => _shape;

    public double DropoutShare { get; set; } = 1;

    public Weight SourceEmbedding => _sourceEmbedding;

    public Weight TargetEmbedding => _targetEmbedding;

    public Weight OutputWeight => _outputWeight;

    public Parameter OutputBias => _outputBias;

    public IReadOnlyList<HLstmLayer> Encoder => _encoder;

    public IReadOnlyList<HLstmCell> Decoder => _decoder;

    public IReadOnlyList<Bridge> Bridges => _bridges;

    public LuongAttention Attention => _attention;

    /// <summary>Every recurrent cell, encoder first.</summary>
    public IEnumerable<HLstmCell> Cells => _encoder.SelectMany(layer => layer.Cells).Concat(_decoder);

    /// <summary>
    /// Attentional vectors (T, B, A) for the target tokens that go in: source (S, B) and target (T, B) token ids.
    /// </summary>
    public Tensor Run(Tensor source, SequenceMask sourceMask, Tensor target)
    {
        (Tensor memory, Tensor[] states, Tensor[] cells) = Encode(source, sourceMask);
        Tensor embedded = Drop(Products.Rows(_targetEmbedding, target));
        var decoder = new AttentionDecoder(_decoder, _attention)
        {
            FeedColumn = _shape.InputFeeding ? _shape.EmbeddingSize : -1,
            DropMask = DropMask,
            Random = _random,
        };
        return decoder.Run(_decoder[0].ProjectInput(embedded, _shape.EmbeddingSize), memory, sourceMask, states, cells);
    }

    /// <summary>The attentional vectors (N, A) of the tokens that a batch predicts.</summary>
    public Tensor Predict(TranslationBatch batch)
    {
        Tensor vectors = Run(batch.Source, batch.SourceMask, batch.Target);
        return vectors.view(-1, vectors.shape[2]).index_select(0, batch.Positions);
    }

    /// <summary>Logits (N, target vocabulary) of attentional vectors (N, A).</summary>
    public Tensor Logits(Tensor vectors) => Products.Linear(vectors, _outputWeight, _outputBias);

    /// <summary>Probabilities (N, target vocabulary) of the tokens that a batch predicts.</summary>
    public Tensor Probabilities(TranslationBatch batch) => Logits(Predict(batch)).softmax(1);

    /// <summary>
    /// The mean cross entropy of attentional vectors (N, A) against labels (N), of which some are ignored, and a teacher.
    /// </summary>
    public Tensor Loss(Tensor vectors, Tensor labels, long ignored, double smoothing, SoftTargets? teacher = null, double consistency = 0) =>
        Products.CrossEntropy(vectors, _outputWeight, _outputBias, labels, ignored, smoothing, teacher, consistency);

    private (Tensor Memory, Tensor[] States, Tensor[] Cells) Encode(Tensor source, SequenceMask mask)
    {
        Tensor sequence = Drop(Products.Rows(_sourceEmbedding, source));
        var finals = new List<(Tensor State, Tensor Cell)>();
        foreach (HLstmLayer layer in _encoder)
        {
            (Tensor outputs, Tensor state, Tensor cell) = layer.Run(sequence, mask, _random);
            finals.Add((state, cell));
            sequence = Drop(outputs);
        }

        var states = new Tensor[_decoder.Count];
        var cells = new Tensor[_decoder.Count];
        for (int layer = 0; layer < _decoder.Count; layer++)
        {
            (Tensor state, Tensor cell) = finals[Math.Min(layer, finals.Count - 1)];
            (states[layer], cells[layer]) = _bridges[layer].Cross(state, cell);
        }

        return (sequence, states, cells);
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
