using Microsoft.ML.HLstm.Inference.Packing;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// A layer applied to many vectors that are all known: in blocks side by side where that is cheaper than one by one. Holds
/// working memory, so each thread needs its own.
/// </summary>
internal sealed class VectorBlocks
{
    private float[]? _x, _y;

    /// <summary>Of one of many vectors; see <see cref="PackedMatrix.Cost"/>.</summary>
    public static double Cost(PackedLayer layer) => Math.Min(layer.Cost(1), SideBySide(layer, Lanes.Most) / Lanes.Most);

    /// <summary>Computes <c>y = W x + b</c> for each vector.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="inputs">[vectors, I].</param>
    /// <param name="outputs">[vectors, O].</param>
    /// <param name="count">Vectors.</param>
    public void Apply(PackedLayer layer, ReadOnlySpan<float> inputs, Span<float> outputs, int count)
    {
        for (int first = 0; first < count; first += Lanes.Most)
        {
            int some = Math.Min(Lanes.Most, count - first);
            Block(layer, inputs.Slice(first * layer.InputSize, some * layer.InputSize), outputs.Slice(first * layer.OutputSize, some * layer.OutputSize), some);
        }
    }

    private void Block(PackedLayer layer, ReadOnlySpan<float> inputs, Span<float> outputs, int count)
    {
        int lanes = Lanes.For(count);
        if (SideBySide(layer, lanes) >= count * layer.Cost(1))
        {
            for (int at = 0; at < count; at++)
                layer.Apply(inputs.Slice(at * layer.InputSize, layer.InputSize), outputs.Slice(at * layer.OutputSize, layer.OutputSize));
            return;
        }

        Lanes.Reserve(ref _x, (long)layer.InputSize * lanes);
        Lanes.Reserve(ref _y, (long)layer.OutputSize * lanes);
        Lanes.PutAll(inputs, count, _x, lanes);
        layer.Apply(_x.AsSpan(0, layer.InputSize * lanes), _y.AsSpan(0, layer.OutputSize * lanes), lanes);
        Lanes.TakeAll(_y, lanes, outputs, count);
    }

    private static double SideBySide(PackedLayer layer, int lanes) =>
        layer.Cost(lanes) + (lanes * LayoutCosts.Transposed(layer.InputSize, layer.OutputSize));
}
