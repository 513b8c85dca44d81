using Microsoft.ML.HLstm.Inference.Packing;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// A layer applied to many vectors that are all known: in blocks side by side where that is cheaper than one by one. Holds
/// working memory, so each thread needs its own.
/// </summary>
internal sealed class VectorBlocks
{
    private AlignedArray<float> _x, _y;

    /// <summary>Of one of many vectors; see <see cref="PackedMatrix.Cost"/>.</summary>
    public static double Cost(PackedLayer layer) => Math.Min(layer.Cost(1), SideBySide(layer, Lanes.Most) / Lanes.Most);

    /// <summary>Computes <c>y = W x + b</c> for each vector.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="inputs">[vectors, I].</param>
    /// <param name="outputs">The first value of each vector <paramref name="stride"/> after that of the one before.</param>
    /// <param name="stride">At least O.</param>
    /// <param name="count">Vectors.</param>
    public void Apply(PackedLayer layer, ReadOnlySpan<float> inputs, Span<float> outputs, int stride, int count)
    {
        for (int first = 0; first < count; first += Lanes.Most)
        {
            int some = Math.Min(Lanes.Most, count - first);
            Block(layer, inputs.Slice(first * layer.InputSize, some * layer.InputSize), outputs[(first * stride)..], stride, some);
        }
    }

    private void Block(PackedLayer layer, ReadOnlySpan<float> inputs, Span<float> outputs, int stride, int count)
    {
        int lanes = Lanes.For(count);
        if (SideBySide(layer, lanes) >= count * layer.Cost(1))
        {
            for (int at = 0; at < count; at++)
                layer.Apply(inputs.Slice(at * layer.InputSize, layer.InputSize), outputs.Slice(at * stride, layer.OutputSize));
            return;
        }

        Span<float> x = Lanes.Reserve(ref _x, layer.InputSize * lanes), y = Lanes.Reserve(ref _y, layer.OutputSize * lanes);
        Lanes.PutAll(inputs, count, x, lanes);
        layer.Apply(x, y, lanes);
        Lanes.TakeAll(y, lanes, outputs, stride, count, layer.OutputSize);
    }

    private static double SideBySide(PackedLayer layer, int lanes) =>
        layer.Cost(lanes) + (lanes * LayoutCosts.Transposed(layer.InputSize, layer.OutputSize));
}
