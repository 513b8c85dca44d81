using System.Numerics.Tensors;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>
/// Predicts the target of the sentence that a <see cref="TranslationEncoder"/> has read. The state of a hypothesis lies in one
/// row: h and c of each layer, then the attentional vector v.
/// </summary>
internal sealed class TranslationDecoder : IStepModel
{
    private readonly PackedTranslation _network;
    private readonly TranslationEncoder _encoder;
    private readonly CellScratch _scratch;
    private readonly int _rowSize;
    private readonly float[] _input;
    private readonly float[] _contextAndState;
    private readonly float[] _exponentials;
    private float[] _keys = [];
    private float[] _attention = [];
    private float[] _states = [];
    private float[] _nextStates = [];

    /// <summary>Makes a decoder on shared weights.</summary>
    public TranslationDecoder(PackedTranslation network, TranslationEncoder encoder)
    {
        _network = network;
        _encoder = encoder;
        _scratch = new CellScratch(network.Decoder);
        _rowSize = (2 * network.Decoder.Sum(cell => cell.StateSize)) + network.Attention.OutputSize;
        _input = new float[network.Decoder[0].InputSize];
        _contextAndState = new float[network.Attention.MemorySize + network.Attention.StateSize];
        _exponentials = new float[VocabularySize];
    }

    /// <inheritdoc/>
    public int VocabularySize => _network.Weights.TargetEmbedding.Rows;

    /// <inheritdoc/>
    public void Begin(int beamWidth)
    {
        if (_states.Length < beamWidth * _rowSize)
        {
            _states = new float[beamWidth * _rowSize];
            _nextStates = new float[beamWidth * _rowSize];
        }

        int keys = _encoder.Positions * _network.Attention.StateSize;
        if (_keys.Length < keys)
        {
            _keys = new float[keys];
            _attention = new float[_encoder.Positions];
        }

        _network.Attention.Keys(_encoder.Memory, _keys.AsSpan(0, keys));
        Span<float> rest = _states.AsSpan(0, _rowSize);
        for (int layer = 0; layer < _network.Decoder.Length; layer++)
        {
            int size = _network.Decoder[layer].StateSize;
            int source = _network.Weights.BridgeSource(layer);
            _network.BridgeHidden[layer].Apply(_encoder.FinalHidden(source), rest[..size]);
            TensorPrimitives.Tanh(rest[..size], rest[..size]);
            _network.BridgeCell[layer].Apply(_encoder.FinalCell(source), rest.Slice(size, size));
            rest = rest[(2 * size)..];
        }

        rest.Clear();
    }

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<int> parents, ReadOnlySpan<int> tokens, Span<float> logProbabilities, Span<int> attended)
    {
        for (int index = 0; index < parents.Length; index++)
        {
            Span<float> row = _nextStates.AsSpan(index * _rowSize, _rowSize);
            _states.AsSpan(parents[index] * _rowSize, _rowSize).CopyTo(row);
            attended[index] = Step(row, tokens[index], logProbabilities.Slice(index * VocabularySize, VocabularySize));
        }

        (_states, _nextStates) = (_nextStates, _states);
    }

    private int Step(Span<float> row, int token, Span<float> logProbabilities)
    {
        Span<float> attentional = row[^_network.Attention.OutputSize..];
        WeightMatrix embedding = _network.Weights.TargetEmbedding;
        embedding.CopyRow(token, _input);
        if (_network.Weights.InputFeeding)
            attentional.CopyTo(_input.AsSpan(embedding.Columns));

        ReadOnlySpan<float> below = _input;
        foreach (HLstmCellScorer cell in _network.Decoder)
        {
            Span<float> h = row[..cell.StateSize];
            cell.Step(below, h, row.Slice(cell.StateSize, cell.StateSize), _scratch);
            below = h;
            row = row[(2 * cell.StateSize)..];
        }

        Span<float> weights = _attention.AsSpan(0, _encoder.Positions);
        _network.Attention.Attend(
            below, _encoder.Memory, _keys.AsSpan(0, weights.Length * below.Length), weights, _contextAndState, attentional);
        _network.OutputProjection.Apply(attentional, logProbabilities);
        LogSoftmax.Apply(logProbabilities, _exponentials);

        // The end token is left out: attended positions are for finding a word, and it has none. No word at all gives -1.
        return weights.Length == 1 ? -1 : TensorPrimitives.IndexOfMax<float>(weights[..^1]);
    }
}
