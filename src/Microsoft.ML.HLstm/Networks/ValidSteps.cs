using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks;

/// <summary>The steps of a padded batch that lie inside their sequences, for what must not see padding.</summary>
internal sealed class ValidSteps
{
    private readonly int _places;
    private readonly Tensor? _positions;

    private ValidSteps(IReadOnlyList<int> lengths, Func<int, int, int> place)
    {
        _places = lengths.Count * lengths.Max();
        if (lengths.Sum() < _places)
            _positions = tensor([.. lengths.SelectMany((length, row) => Enumerable.Range(0, length).Select(t => (long)place(row, t)))]);
    }

    /// <summary>For steps that lie time by time, (T·B).</summary>
    public static ValidSteps TimeFirst(IReadOnlyList<int> lengths) => new(lengths, (row, t) => t * lengths.Count + row);

    /// <summary>For steps that lie sequence by sequence, (B·T).</summary>
    public static ValidSteps BatchFirst(IReadOnlyList<int> lengths)
    {
        int steps = lengths.Max();
        return new ValidSteps(lengths, (row, t) => row * steps + t);
    }

    /// <summary>The valid steps (N, W) of all (S, W).</summary>
    public Tensor Take(Tensor all) => _positions is null ? all : all.index_select(0, _positions);

    /// <summary>All steps (S, W) from the valid ones (N, W); the others are zero.</summary>
    public Tensor Put(Tensor valid) => _positions is null ? valid : zeros([_places, valid.shape[1]], valid.dtype).index_copy(0, _positions, valid);
}
