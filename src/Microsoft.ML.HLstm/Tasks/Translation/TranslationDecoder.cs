using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>
/// Predicts the targets of the sentences that a <see cref="TranslationEncoder"/> has read: the hypotheses of a step side by
/// side, some at a time, from the embedding to the scores of the vocabulary.
/// </summary>
internal sealed class TranslationDecoder : IStepModel
{
    /// <summary>Hypotheses that are computed together where their states lie apart: their scores stay in the cache.</summary>
    private const int MostApart = 10;

    private readonly PackedTranslation _network;
    private readonly TranslationEncoder _encoder;
    private readonly CellScratch _scratch;
    private readonly AttentionMemory _memory = new();
    private readonly AttentionScratch _attention = new();
    private readonly DecoderStates _states;
    private readonly float[] _start;
    private readonly float[] _embedded;
    private float[] _input = [];
    private float[] _scores = [];
    private readonly float[] _below;
    private readonly float[] _normalizers = new float[Lanes.Most];
    private readonly int[] _attended = new int[Lanes.Most];
    private int[] _tokens = [];
    private int _count;
    private int _read;
    private int _computed;
    private int _firstApart;

    /// <summary>Makes a decoder on shared weights.</summary>
    public TranslationDecoder(PackedTranslation network, TranslationEncoder encoder)
    {
        _network = network;
        _encoder = encoder;
        _scratch = new CellScratch(network.Decoder);
        _start = new float[(2 * network.Decoder.Sum(cell => cell.StateSize)) + network.Attention.OutputSize];
        _states = new DecoderStates(_start.Length);
        _below = new float[MostApart * network.Decoder.Max(cell => cell.StateSize)];
        _embedded = new float[network.Weights.TargetEmbedding.Columns];
    }

    /// <inheritdoc/>
    public int VocabularySize => _network.Weights.TargetEmbedding.Rows;

    /// <inheritdoc/>
    public int Sources => _encoder.Sentences;

    /// <inheritdoc/>
    public void Begin(int hypotheses)
    {
        _states.Reserve(Math.Max(hypotheses, Sources));
        Lanes.Reserve(ref _tokens!, hypotheses);
        _memory.Reset(_encoder.Memory, _encoder.Starts, _network.Attention.StateSize);
        _network.Attention.Keys(_memory, _attention);
        for (int source = 0; source < Sources; source++)
        {
            Span<float> rest = _start;
            for (int layer = 0; layer < _network.Decoder.Length; layer++)
            {
                int size = _network.Decoder[layer].StateSize;
                int from = _network.Weights.BridgeSource(layer);
                _network.BridgeHidden[layer].Apply(_encoder.FinalHidden(from, source), rest[..size]);
                VectorFunctions.Tanh(rest[..size]);
                _network.BridgeCell[layer].Apply(_encoder.FinalCell(from, source), rest.Slice(size, size));
                rest = rest[(2 * size)..];
            }

            _states.Start(source, _start);
        }
    }

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<int> parents, ReadOnlySpan<int> tokens)
    {
        int lanes = parents.Length < _network.SideBySideFrom ? 1 : Lanes.For(parents.Length);
        _states.Gather(parents, lanes);
        tokens.CopyTo(_tokens);
        _count = tokens.Length;
        _read = 0;
        _computed = 0;
        int together = lanes == 1 ? Math.Min(_count, MostApart) : lanes;
        Lanes.Reserve(ref _input!, _network.Decoder[0].InputSize * together);
        Lanes.Reserve(ref _scores!, VocabularySize * together);
    }

    /// <inheritdoc/>
    public bool TryReadScores(out StepScores scores)
    {
        scores = default;
        if (_read == _count)
            return false;
        int lanes = _states.LanesOfBlock;
        if (lanes == 1)
        {
            scores = ReadApart();
            return true;
        }

        int count = Math.Min(lanes, _count - _read);
        Span<float> all = _scores.AsSpan(0, VocabularySize * lanes);
        Span<float> normalizers = _normalizers.AsSpan(0, lanes);
        Compute(_states.Block(_read), _states.Sources.Slice(_read, count), _tokens.AsSpan(_read, count), lanes, all);
        LogSoftmax.Normalizers(all, lanes, normalizers);
        scores = new StepScores { First = _read, Count = count, Lanes = lanes, Scores = all, Normalizers = normalizers[..count], Attended = _attended.AsSpan(0, count) };
        _read += count;
        return true;
    }

    /// <summary>The next hypothesis, after a group of them has been computed together.</summary>
    private StepScores ReadApart()
    {
        if (_read == _computed)
        {
            _firstApart = _read;
            _computed = Math.Min(_count, _read + MostApart);
            ComputeApart(_computed - _read);
        }

        int at = _read - _firstApart;
        Span<float> scores = _scores.AsSpan(at * VocabularySize, VocabularySize);
        LogSoftmax.Normalizers(scores, 1, _normalizers.AsSpan(0, 1));
        return new StepScores { First = _read++, Count = 1, Lanes = 1, Scores = scores, Normalizers = _normalizers.AsSpan(0, 1), Attended = _attended.AsSpan(at, 1) };
    }

    /// <summary>Hypotheses whose states lie apart, from the embedding to the scores.</summary>
    private void ComputeApart(int count)
    {
        WeightMatrix embedding = _network.Weights.TargetEmbedding;
        int stride = _start.Length, attention = stride - _network.Attention.OutputSize;
        Span<float> states = _states.Blocks(_read, count);
        Span<float> input = _input.AsSpan(0, _network.Decoder[0].InputSize * count);
        for (int vector = 0; vector < count; vector++)
        {
            Span<float> own = input.Slice(vector * _network.Decoder[0].InputSize, _network.Decoder[0].InputSize);
            embedding.CopyRow(_tokens[_read + vector], own[..embedding.Columns]);
            if (_network.Weights.InputFeeding)
                states.Slice((vector * stride) + attention, _network.Attention.OutputSize).CopyTo(own[embedding.Columns..]);
        }

        int at = 0, top = 0;
        for (int layer = 0; layer < _network.Decoder.Length; layer++)
        {
            HLstmCellScorer cell = _network.Decoder[layer];
            if (layer > 0)
            {
                input = _below.AsSpan(0, cell.InputSize * count);
                for (int vector = 0; vector < count; vector++)
                    states.Slice((vector * stride) + top, cell.InputSize).CopyTo(input[(vector * cell.InputSize)..]);
            }

            cell.StepEach(input, states[at..], states[(at + cell.StateSize)..], stride, count, _scratch);
            top = at;
            at += 2 * cell.StateSize;
        }

        _network.Attention.AttendEach(_memory, _states.Sources.Slice(_read, count), states[top..], stride, _attention, states[attention..], _attended);
        _network.OutputProjection.ApplyEach(states[attention..], stride, _scores, VocabularySize, count);
    }

    private void Compute(Span<float> state, ReadOnlySpan<int> sources, ReadOnlySpan<int> tokens, int lanes, Span<float> scores)
    {
        WeightMatrix embedding = _network.Weights.TargetEmbedding;
        Span<float> attentional = state[^(_network.Attention.OutputSize * lanes)..];
        Span<float> input = _input.AsSpan(0, _network.Decoder[0].InputSize * lanes);
        for (int lane = 0; lane < tokens.Length; lane++)
        {
            embedding.CopyRow(tokens[lane], _embedded);
            Lanes.Put(_embedded, input, lanes, lane);
        }

        if (_network.Weights.InputFeeding)
            attentional.CopyTo(input[(embedding.Columns * lanes)..]);

        ReadOnlySpan<float> below = input;
        foreach (HLstmCellScorer cell in _network.Decoder)
        {
            int size = cell.StateSize * lanes;
            Span<float> h = state[..size];
            cell.Step(below, h, state.Slice(size, size), lanes, _scratch);
            below = h;
            state = state[(2 * size)..];
        }

        _network.Attention.Attend(_memory, sources, below, lanes, _attention, attentional, _attended);
        _network.OutputProjection.Apply(attentional, scores, lanes);
    }
}
