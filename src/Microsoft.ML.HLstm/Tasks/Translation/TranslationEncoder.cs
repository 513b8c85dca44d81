using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>
/// Reads source sentences, one or several side by side. Holds the result and its working memory, so each thread needs its own.
/// </summary>
internal sealed class TranslationEncoder
{
    private readonly PackedTranslation _network;
    private readonly RecurrentLayers _layers;
    private readonly float[][] _finalHidden;
    private readonly float[][] _finalCell;
    private readonly int _widest;
    private float[] _inputs = [];
    private float[] _outputs = [];
    private int[] _tokens = [];
    private int[] _starts = new int[2];

    /// <summary>Makes an encoder on shared weights, which runs its two directions side by side from two threads on.</summary>
    public TranslationEncoder(PackedTranslation network, int threads = 1)
    {
        _network = network;
        _layers = new RecurrentLayers(network.EncoderForward, network.EncoderBackward, threads);
        _finalHidden = new float[_layers.Count][];
        _finalCell = new float[_layers.Count][];
        _widest = Math.Max(network.Weights.SourceEmbedding.Columns, Enumerable.Range(0, _layers.Count).Max(_layers.Width));
    }

    /// <summary>Sentences that were read last.</summary>
    public int Sentences { get; private set; }

    /// <summary>[<see cref="Sentences"/> + 1]: the first position of each sentence; each has its end token as last.</summary>
    public ReadOnlySpan<int> Starts => _starts.AsSpan(0, Sentences + 1);

    /// <summary>[all positions, C]: outputs of the last layer.</summary>
    public float[] Memory => _outputs;

    /// <summary>[forward; backward] hidden state of a layer after all tokens of a sentence.</summary>
    public ReadOnlySpan<float> FinalHidden(int layer, int sentence) => State(_finalHidden, layer, sentence);

    /// <summary>[forward; backward] cell state of a layer after all tokens of a sentence.</summary>
    public ReadOnlySpan<float> FinalCell(int layer, int sentence) => State(_finalCell, layer, sentence);

    /// <summary>Reads a sentence and, after it, the end token.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A token is not in the source vocabulary.</exception>
    public void Encode(ReadOnlySpan<int> source)
    {
        Clear(1);
        Add(source);
        Run();
    }

    /// <summary>Reads sentences side by side, which is fastest where they are about as long as their neighbours.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A token is not in the source vocabulary.</exception>
    public void Encode(IReadOnlyList<ReadOnlyMemory<int>> sources)
    {
        Clear(sources.Count);
        for (int sentence = 0; sentence < sources.Count; sentence++)
            Add(sources[sentence].Span);
        Run();
    }

    private ReadOnlySpan<float> State(float[][] states, int layer, int sentence)
    {
        int width = _network.Weights.EncoderOutputSize(layer);
        return states[layer].AsSpan(sentence * width, width);
    }

    private void Clear(int sentences)
    {
        Sentences = 0;
        Lanes.Reserve(ref _starts!, sentences + 1);
        _starts[0] = 0;
    }

    private void Add(ReadOnlySpan<int> source)
    {
        int start = _starts[Sentences], end = start + source.Length;
        int rows = _network.Weights.SourceEmbedding.Rows;
        for (int position = 0; position < source.Length; position++)
        {
            if ((uint)source[position] >= (uint)rows)
                throw new ArgumentOutOfRangeException(nameof(source), source[position], $"Token {position} of the source is {source[position]}; 0 to {rows - 1} are in the vocabulary.");
        }

        if (_tokens.Length <= end)
            Array.Resize(ref _tokens, Math.Max(end + 1, 2 * _tokens.Length));
        source.CopyTo(_tokens.AsSpan(start));
        _tokens[end] = SpecialTokens.End;
        _starts[++Sentences] = end + 1;
    }

    private void Run()
    {
        WeightMatrix embedding = _network.Weights.SourceEmbedding;
        int positions = _starts[Sentences];
        Lanes.Reserve(ref _inputs!, (long)positions * _widest);
        Lanes.Reserve(ref _outputs!, (long)positions * _widest);
        for (int position = 0; position < positions; position++)
            embedding.CopyRow(_tokens[position], _outputs.AsSpan(position * embedding.Columns, embedding.Columns));
        for (int layer = 0; layer < _layers.Count; layer++)
        {
            int width = _layers.Width(layer);
            Lanes.Reserve(ref _finalHidden[layer]!, Sentences * width);
            Lanes.Reserve(ref _finalCell[layer]!, Sentences * width);
            (_inputs, _outputs) = (_outputs, _inputs);
            _layers.Run(layer, new RecurrentSequences(_starts, Sentences, _inputs, _outputs, width, _finalHidden[layer], _finalCell[layer]));
        }
    }
}
