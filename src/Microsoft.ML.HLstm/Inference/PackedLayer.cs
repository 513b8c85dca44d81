namespace Microsoft.ML.HLstm.Inference;

/// <summary>A <see cref="DenseLayer"/> packed for scoring; shared and thread-safe like its matrix.</summary>
internal sealed class PackedLayer(DenseLayer layer)
{
    private readonly PackedMatrix _weight = PackedMatrix.Pack(layer.Weight);
    private readonly float[] _bias = layer.Bias;

    /// <summary>Width of what the layer reads.</summary>
    public int InputSize => _weight.Columns;

    /// <summary>Width of what the layer writes.</summary>
    public int OutputSize => _weight.Rows;

    /// <inheritdoc cref="PackedMatrix.Cost"/>
    public double Cost(int lanes) => _weight.Cost(lanes);

    /// <inheritdoc cref="PackedMatrix.CostApart"/>
    public double CostApart(int count) => _weight.CostApart(count);

    /// <summary>Computes <c>y = W x + b</c> for each of the <see cref="Lanes"/>. Allocates nothing.</summary>
    public void Apply(ReadOnlySpan<float> x, Span<float> y, int lanes = 1)
    {
        Lanes.Repeat(_bias, y, lanes);
        _weight.MultiplyAdd(x, y, lanes);
    }

    /// <summary>Computes <c>y = W x + b</c> for vectors that lie apart; see <see cref="PackedMatrix.MultiplyAddEach"/>.</summary>
    public void ApplyEach(ReadOnlySpan<float> x, int xStride, Span<float> y, int yStride, int count)
    {
        for (int vector = 0; vector < count; vector++)
            _bias.CopyTo(y[(vector * yStride)..]);
        _weight.MultiplyAddEach(x, xStride, y, yStride, count);
    }
}
