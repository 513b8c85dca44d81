using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks;

/// <summary>Which steps of a padded batch belong to its sequences.</summary>
internal sealed class SequenceMask
{
    private readonly Tensor?[] _inside;

    /// <summary>The mask of sequences of these lengths, padded to the longest.</summary>
    public SequenceMask(IReadOnlyList<int> lengths, Device? device = null)
    {
        Lengths = lengths;
        Steps = lengths.Max();
        _inside = new Tensor?[Steps];
        for (int t = lengths.Min(); t < Steps; t++)
        {
            bool[] inside = [.. lengths.Select(length => t < length)];
            _inside[t] = tensor(inside, device: device).unsqueeze(1);
        }
    }

    /// <summary>The length of each sequence.</summary>
    public IReadOnlyList<int> Lengths { get; }

    /// <summary>The length of the longest sequence.</summary>
    public int Steps { get; }

    /// <summary><paramref name="next"/> (B, H) where step <paramref name="t"/> is inside the sequence, <paramref name="old"/> elsewhere.</summary>
    public Tensor Select(long t, Tensor next, Tensor old) => _inside[t] is { } inside ? where(inside, next, old) : next;

    /// <summary>What to add to attention scores (B, T): 0 inside sequences, -1e9 beyond them.</summary>
    public Tensor AttentionBias(ScalarType type)
    {
        var bias = new float[Lengths.Count * Steps];
        for (int row = 0; row < Lengths.Count; row++)
            bias.AsSpan(row * Steps + Lengths[row], Steps - Lengths[row]).Fill(-1e9f);
        return tensor(bias, [Lengths.Count, Steps]).to(type);
    }
}
