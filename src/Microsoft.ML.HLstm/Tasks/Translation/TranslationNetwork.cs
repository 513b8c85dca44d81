using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Networks.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>
/// The encoder-decoder with attention and input feeding of M.-T. Luong et al. (arXiv 1508.04025) over H-LSTM layers.
/// E is the embeddings' width, H the state's, C the encoder outputs' (2H when it reads both ways), A the attention's.
/// </summary>
internal sealed class TranslationNetwork : nn.Module
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
        (Tensor keys, Tensor values) = _attention.Prepare(memory);
        Tensor embedded = Drop(Products.Rows(_targetEmbedding, target));
        Tensor projected = _decoder[0].ProjectInput(embedded, _shape.EmbeddingSize);
        long steps = target.shape[0], batch = source.shape[1];
        var settings = new DecoderSettings(
            sourceMask.Lengths,
            _shape.InputFeeding ? _shape.EmbeddingSize : -1,
            [.. _decoder.Select(cell => cell.DropoutMask(batch, _random))],
            [.. _decoder.Select((cell, layer) => layer == 0 ? null : DropMask(steps, batch, _shape.StateSize))],
            DropMask(steps, batch, _shape.AttentionSize));
        return HLstmCell.UseFused && TensorMemory.IsReadable(projected)
            ? DecoderFunction.Run(_decoder, _attention, projected, keys, values, states, cells, settings)
            : Decode(projected.unbind(0), keys, values, sourceMask.AttentionBias(memory.dtype), states, cells, settings);
    }

    /// <summary>The attentional vectors (N, A) of the tokens that a batch predicts.</summary>
    public Tensor Predict(TranslationBatch batch)
    {
        Tensor vectors = Run(batch.Source, batch.SourceMask, batch.Target);
        return vectors.view(-1, vectors.shape[2]).index_select(0, batch.Positions);
    }

    /// <summary>Logits (N, target vocabulary) of attentional vectors (N, A).</summary>
    public Tensor Logits(Tensor vectors) => Products.Linear(vectors, _outputWeight, _outputBias);

    /// <summary>
    /// The mean cross entropy of attentional vectors (N, A) against labels (N), of which some are ignored, and a teacher.
    /// </summary>
    public Tensor Loss(Tensor vectors, Tensor labels, long ignored, double smoothing, SoftTargets? teacher = null) =>
        Products.CrossEntropy(vectors, _outputWeight, _outputBias, labels, ignored, smoothing, teacher);

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

    /// <summary>The decoder's steps composed of libtorch's operations.</summary>
    private Tensor Decode(Tensor[] projected, Tensor keys, Tensor values, Tensor bias, Tensor[] states, Tensor[] cells, DecoderSettings settings)
    {
        Tensor? feedWeight = settings.FeedColumn < 0 ? null
            : _decoder[0].WeightInput.narrow(1, settings.FeedColumn, _shape.AttentionSize).t();
        Tensor? feed = null;
        var vectors = new Tensor[projected.Length];
        for (int t = 0; t < vectors.Length; t++)
        {
            Tensor input = projected[t];
            if (feedWeight is not null && feed is not null)
                input = addmm(input, feed, feedWeight, 1, 1);
            for (int layer = 0; layer < _decoder.Count; layer++)
            {
                if (layer > 0)
                    input = _decoder[layer].ProjectInput(Masked(states[layer - 1], settings.LayerDropout[layer], t));
                (states[layer], cells[layer]) = _decoder[layer].Step(input, states[layer], cells[layer], settings.GateDropout[layer]);
            }

            vectors[t] = feed = Masked(_attention.Attend(states[^1], keys, values, bias), settings.VectorDropout, t);
        }

        return stack(vectors, 0);
    }

    private static Tensor Masked(Tensor values, Tensor? mask, int t) => mask is null ? values : values * mask[t];

    private Tensor? DropMask(params long[] shape) =>
        training && _dropout > 0 ? Dropouts.Mask(shape, _dropout, _outputBias, _random) : null;

    private Tensor Drop(Tensor values) => Dropouts.Apply(values, _dropout, training, _random);

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
