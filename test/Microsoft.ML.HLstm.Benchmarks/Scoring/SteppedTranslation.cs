using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tasks.Translation;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>
/// A training network in evaluation, stepped with libtorch's operations as its user would do: all hypotheses of the beam are
/// one batch. The search is the engine's. It is to run without gradients.
/// </summary>
internal class SteppedTranslation : IStepModel, IDisposable
{
    private readonly BeamSearch _search = new();
    private readonly StepLogProbabilities _scores;
    private Tensor[] _states = [];
    private Tensor[] _cells = [];
    private Tensor? _keys, _values, _bias, _feed;

    public SteppedTranslation(TranslationNetwork network)
    {
        Network = network;
        _scores = new StepLogProbabilities(VocabularySize);
        network.eval();
    }

    public int Sources => 1;

    public int VocabularySize => Network.Shape.TargetVocabulary;

    protected TranslationNetwork Network { get; }

    /// <summary>The translations of one sentence.</summary>
    public IReadOnlyList<BeamHypothesis> Translate(int[] source, BeamSearchOptions options)
    {
        using var scope = NewDisposeScope();
        long[] tokens = [.. source, SpecialTokens.End];
        var mask = new SequenceMask([tokens.Length]);
        Tensor embedded = Products.Rows(Network.SourceEmbedding, tensor(tokens, [tokens.Length, 1]));
        (Tensor memory, (Tensor State, Tensor Cell)[] finals) = Encode(embedded, mask);
        (_keys, _values) = Network.Attention.Prepare(memory);
        _bias = mask.AttentionBias(ScalarType.Float32);
        _states = new Tensor[Network.Decoder.Count];
        _cells = new Tensor[Network.Decoder.Count];
        for (int layer = 0; layer < _states.Length; layer++)
        {
            (Tensor state, Tensor cell) = finals[Math.Min(layer, finals.Length - 1)];
            (_states[layer], _cells[layer]) = Network.Bridges[layer].Cross(state, cell);
        }

        _feed = zeros(1, Network.Shape.AttentionSize);
        return _search.Search(this, options);
    }

    public void Begin(int hypotheses) => _scores.Reserve(hypotheses);

    public bool TryReadScores(out StepScores scores) => _scores.TryRead(out scores);

    public void Step(ReadOnlySpan<int> parents, ReadOnlySpan<int> tokens)
    {
        using var scope = NewDisposeScope();
        int rows = parents.Length;
        Tensor from = tensor(Array.ConvertAll(parents.ToArray(), parent => (long)parent)), ids = tensor(Array.ConvertAll(tokens.ToArray(), token => (long)token));
        Tensor input = Products.Rows(Network.TargetEmbedding, ids);
        if (Network.Shape.InputFeeding)
            input = cat([input, _feed!.index_select(0, from)], 1);
        Tensor[] states = new Tensor[_states.Length], cells = new Tensor[_cells.Length];
        for (int layer = 0; layer < states.Length; layer++)
        {
            (states[layer], cells[layer]) = StepLayer(layer, input, _states[layer].index_select(0, from), _cells[layer].index_select(0, from));
            input = states[layer];
        }

        Tensor feed = Network.Attention.Attend(input, _keys!.expand(rows, -1, -1), _values!.expand(rows, -1, -1), _bias!);
        _scores.Take(Network.Logits(feed));
        (_states, _cells, _feed) = (Keep(states, _states), Keep(cells, _cells), Keep([feed], [_feed!])[0]);
    }

    public virtual void Dispose()
    {
        Network.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>From embeddings (S, 1, E) to outputs (S, 1, C) and the final states of each layer.</summary>
    protected virtual (Tensor Memory, (Tensor State, Tensor Cell)[] Finals) Encode(Tensor sequence, SequenceMask mask)
    {
        var finals = new List<(Tensor, Tensor)>();
        foreach (HLstmLayer layer in Network.Encoder)
        {
            (sequence, Tensor state, Tensor cell) = layer.Run(sequence, mask, null);
            finals.Add((state, cell));
        }

        return (sequence, [.. finals]);
    }

    /// <summary>One step of a decoder layer.</summary>
    protected virtual (Tensor State, Tensor Cell) StepLayer(int layer, Tensor input, Tensor state, Tensor cell) =>
        Network.Decoder[layer].Step(Network.Decoder[layer].ProjectInput(input), state, cell, null);

    private static Tensor[] Keep(Tensor[] next, Tensor[] old)
    {
        foreach (Tensor tensor in old)
            tensor.Dispose();
        foreach (Tensor tensor in next)
            tensor.MoveToOuterDisposeScope();
        return next;
    }
}
