using Microsoft.ML.HLstm.Inference;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>
/// A captioner without attention put together from the library's modules, <c>nn.LSTMCell</c> among them, as its user would do: all hypotheses of the
/// beam are one batch. The search is the engine's. It is to run without gradients.
/// </summary>
internal sealed class TorchCaptioner : IStepModel, IDisposable
{
    private readonly BeamSearch _search = new();
    private readonly Linear _features, _output;
    private readonly Embedding _embedding;
    private readonly LSTMCell _cell;
    private readonly int _stateSize;
    private readonly StepLogProbabilities _scores;
    private Tensor _h = empty(0), _c = empty(0);

    /// <exception cref="ArgumentException">The cell has gates with hidden layers.</exception>
    public TorchCaptioner(CaptionWeights weights)
    {
        CellWeights cell = weights.Decoder[0];
        if (cell.HasHiddenLayers)
            throw new ArgumentException("The library's cell has gates without hidden layers.", nameof(weights));
        (VocabularySize, _stateSize) = (weights.Embedding.Rows, cell.StateSize);
        _scores = new StepLogProbabilities(VocabularySize);
        _features = Layer(weights.FeatureProjection);
        _output = Layer(weights.OutputProjection);
        _embedding = nn.Embedding_from_pretrained(tensor(weights.Embedding.Values, [weights.Embedding.Rows, weights.Embedding.Columns]));
        _cell = nn.LSTMCell(cell.InputSize, cell.StateSize);
        TorchWeights.Set(_cell, "", cell);
        _cell.eval();
    }

    public int Sources => 1;

    public int VocabularySize { get; }

    /// <summary>The captions of one picture.</summary>
    public IReadOnlyList<BeamHypothesis> Caption(float[] features, BeamSearchOptions options)
    {
        using var scope = NewDisposeScope();
        Tensor zero = zeros(1, _stateSize);
        Keep(_cell.call(_features.call(tensor(features, [1, features.Length])), (zero, zero)));
        return _search.Search(this, options);
    }

    public void Begin(int hypotheses) => _scores.Reserve(hypotheses);

    public void Step(ReadOnlySpan<int> parents, ReadOnlySpan<int> tokens)
    {
        using var scope = NewDisposeScope();
        Tensor from = tensor(Array.ConvertAll(parents.ToArray(), parent => (long)parent)), ids = tensor(Array.ConvertAll(tokens.ToArray(), token => (long)token));
        (Tensor h, Tensor c) = _cell.call(_embedding.call(ids), (_h.index_select(0, from), _c.index_select(0, from)));
        _scores.Take(_output.call(h));
        Keep((h, c));
    }

    public bool TryReadScores(out StepScores scores) => _scores.TryRead(out scores);

    public void Dispose()
    {
        foreach (IDisposable part in (IDisposable[])[_features, _output, _embedding, _cell, _h, _c])
            part.Dispose();
    }

    private static Linear Layer(DenseLayer layer)
    {
        Linear linear = nn.Linear(layer.InputSize, layer.OutputSize);
        using IDisposable quiet = no_grad();
        linear.weight!.copy_(tensor(layer.Weight.Values, [layer.OutputSize, layer.InputSize]));
        linear.bias!.copy_(tensor(layer.Bias));
        return linear;
    }

    private void Keep((Tensor H, Tensor C) next)
    {
        _h.Dispose();
        _c.Dispose();
        (_h, _c) = (next.H.MoveToOuterDisposeScope(), next.C.MoveToOuterDisposeScope());
    }
}
