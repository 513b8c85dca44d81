namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// Predicts tokens with a <see cref="PackedDecoder"/>: the hypotheses of a step side by side, some at a time, from the embedding
/// to the scores of the vocabulary. What a task adds is how a source gives the state before its first token.
/// </summary>
internal abstract partial class StepDecoder : IStepModel
{
    private readonly PackedDecoder _network;
    private readonly CellScratch _scratch;
    private readonly AttentionMemory _memory = new();
    private readonly AttentionScratch _attention = new();
    private readonly DecoderStates _states;
    private readonly float[] _embedded;
    private float[] _input = [];
    private float[] _scores = [];
    private readonly float[] _normalizers = new float[Lanes.Most];
    private readonly int[] _attended = new int[Lanes.Most];
    private int[] _tokens = [];
    private int _count;
    private int _read;
    private int _scoreStride;

    /// <summary>Makes a decoder on shared weights.</summary>
    protected StepDecoder(PackedDecoder network)
    {
        _network = network;
        _scratch = new CellScratch(network.Cells);
        InitialState = new float[network.StateSize];
        _states = new DecoderStates(InitialState.Length);
        _embedded = new float[network.Embedding.Columns];
        _scoreStride = network.Embedding.Rows;
        _below = new float[MostApart * network.Cells.Max(cell => cell.StateSize)];
        Array.Fill(_attended, -1);
    }

    /// <inheritdoc/>
    public int VocabularySize => _network.Embedding.Rows;

    /// <inheritdoc/>
    public abstract int Sources { get; }

    /// <summary>For each source the tokens that are scored, ascending, the special ones first; null for the whole vocabulary.</summary>
    public IReadOnlyList<int[]>? Shortlists
    {
        get;
        set
        {
            field = value;
            _scoreStride = value is null ? VocabularySize : value.Max(tokens => tokens.Length);
        }
    }

    /// <summary>Working memory for the state of one source: h and c of each layer, then the attentional vector.</summary>
    protected float[] InitialState { get; }

    /// <inheritdoc/>
    public void Begin(int hypotheses)
    {
        _states.Reserve(Math.Max(hypotheses, Sources));
        Lanes.Reserve(ref _tokens!, hypotheses);
        Start();
    }

    /// <inheritdoc/>
    public void Step(ReadOnlySpan<int> parents, ReadOnlySpan<int> tokens)
    {
        // Each source has other tokens to score, which are scored apart; so are the cells then, which saves bringing states together.
        int lanes = Shortlists is not null || parents.Length < _network.SideBySideFrom ? 1 : Lanes.For(parents.Length);
        _states.Gather(parents, lanes);
        tokens.CopyTo(_tokens);
        _count = tokens.Length;
        _read = _computed = 0;
        Lanes.Reserve(ref _scores!, (long)_scoreStride * (lanes == 1 ? Math.Min(_count, MostApart) : lanes));
    }

    /// <inheritdoc/>
    public bool TryReadScores(out StepScores scores)
    {
        scores = default;
        if (_read == _count)
            return false;
        int lanes = _states.LanesOfBlock;
        scores = lanes == 1 ? ReadApart() : ReadTogether(lanes);
        return true;
    }

    /// <summary>Calls <see cref="StartFrom"/> for every source, and <see cref="Remember"/> first where there is attention.</summary>
    protected abstract void Start();

    /// <summary>Gives the attention what it looks back at; see <see cref="AttentionMemory.Reset"/>.</summary>
    protected void Remember(float[] values, ReadOnlySpan<int> starts)
    {
        _memory.Reset(values, starts, _network.Attention!.StateSize);
        _network.Attention.Keys(_memory, _attention);
    }

    /// <summary>Sets the state before the first token of a source.</summary>
    protected void StartFrom(int source, ReadOnlySpan<float> state) => _states.Start(source, state);

    private StepScores ReadTogether(int lanes)
    {
        int count = Math.Min(lanes, _count - _read), first = _read;
        Span<float> all = _scores.AsSpan(0, VocabularySize * lanes);
        Span<float> normalizers = _normalizers.AsSpan(0, lanes);
        Span<float> input = Input(lanes);
        for (int lane = 0; lane < count; lane++)
        {
            _network.Embedding.CopyRow(_tokens[first + lane], _embedded);
            Lanes.Put(_embedded, input, lanes, lane);
        }

        _network.OutputProjection.Apply(Advance(_states.Block(first), _states.Sources.Slice(first, count), lanes), all, lanes);
        LogSoftmax.Normalizers(all, lanes, normalizers);
        _read += count;
        return new StepScores { First = first, Count = count, Lanes = lanes, Scores = all, Normalizers = normalizers[..count], Attended = _attended.AsSpan(0, count) };
    }

    /// <summary>[I, lanes]: what the first layer reads; its first rows are for <see cref="Advance"/>'s caller to fill.</summary>
    protected Span<float> Input(int lanes)
    {
        int length = _network.Cells[0].InputSize * lanes;
        Lanes.Reserve(ref _input!, length);
        return _input.AsSpan(0, length);
    }

    /// <summary>One step of the cells and of the attention over <see cref="Input"/>.</summary>
    /// <param name="state">[state, lanes], changed to the next one.</param>
    /// <param name="sources">The source of each hypothesis.</param>
    /// <param name="lanes">As in <see cref="Lanes"/>.</param>
    /// <returns>What the output projection reads.</returns>
    protected ReadOnlySpan<float> Advance(Span<float> state, ReadOnlySpan<int> sources, int lanes)
    {
        Span<float> input = Input(lanes), attentional = state[^((_network.Attention?.OutputSize ?? 0) * lanes)..];
        if (_network.InputFeeding)
            attentional.CopyTo(input[(_network.Embedding.Columns * lanes)..]);

        ReadOnlySpan<float> below = input;
        foreach (HLstmCellScorer cell in _network.Cells)
        {
            int size = cell.StateSize * lanes;
            Span<float> h = state[..size];
            cell.Step(below, h, state.Slice(size, size), lanes, _scratch);
            below = h;
            state = state[(2 * size)..];
        }

        if (_network.Attention is null)
            return below;
        _network.Attention.Attend(_memory, sources, below, lanes, _attention, attentional, _attended);
        return attentional;
    }
}
