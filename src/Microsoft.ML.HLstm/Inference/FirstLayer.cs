using Microsoft.ML.HLstm.Inference.Packing;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// The first layer of a cell, <c>Input x + Recurrent h + Bias</c>: one pass over [x; h] where the two matrices are about
/// equally dense, so that one layout suits both.
/// </summary>
internal sealed class FirstLayer
{
    /// <summary>A matrix this many times as dense as the other is packed alone.</summary>
    private const double DensityRatio = 2;

    private readonly PackedMatrix? _joined;
    private readonly PackedMatrix? _input;
    private readonly PackedMatrix? _recurrent;
    private readonly float[] _bias;

    /// <summary>Packs the weights.</summary>
    public FirstLayer(CellWeights weights)
    {
        _bias = weights.Bias;
        double input = weights.Input.Density, recurrent = weights.Recurrent.Density;
        // Rows of int8 have one scale in each matrix, and would have to share one.
        if (weights.Input.Precision != WeightPrecision.Int8 && Math.Max(input, recurrent) <= DensityRatio * Math.Min(input, recurrent))
        {
            _joined = PackedMatrix.Pack(SideBySide.Join(weights.Input, weights.Recurrent).At(weights.Input.Precision));
            return;
        }

        _input = PackedMatrix.Pack(weights.Input);
        _recurrent = PackedMatrix.Pack(weights.Recurrent);
    }

    /// <summary>R: width of the stacked layer.</summary>
    public int Rows => _bias.Length;

    /// <inheritdoc cref="PackedMatrix.Cost"/>
    public double Cost(int lanes) => _joined?.Cost(lanes) ?? _input!.Cost(lanes) + _recurrent!.Cost(lanes);

    /// <summary>Computes the layer before its activation. Allocates nothing.</summary>
    /// <param name="x">[I, lanes].</param>
    /// <param name="h">[H, lanes].</param>
    /// <param name="y">[R, lanes].</param>
    /// <param name="lanes">As in <see cref="Lanes"/>.</param>
    /// <param name="operand">At least [I + H, lanes] of working memory.</param>
    public void Apply(ReadOnlySpan<float> x, ReadOnlySpan<float> h, Span<float> y, int lanes, Span<float> operand)
    {
        Lanes.Repeat(_bias, y, lanes);
        if (_joined is not null)
        {
            x.CopyTo(operand);
            h.CopyTo(operand[x.Length..]);
            _joined.MultiplyAdd(operand[..(x.Length + h.Length)], y, lanes);
            return;
        }

        _input!.MultiplyAdd(x, y, lanes);
        _recurrent!.MultiplyAdd(h, y, lanes);
    }

    /// <summary>Computes the layer before its activation for vectors that lie apart. Allocates nothing.</summary>
    /// <param name="x">[count, I].</param>
    /// <param name="h">Vector v begins at <paramref name="hStride"/> times v.</param>
    /// <param name="hStride">At least H.</param>
    /// <param name="y">[count, R].</param>
    /// <param name="count">Vectors.</param>
    /// <param name="operand">At least [count, I + H] of working memory.</param>
    public void ApplyEach(ReadOnlySpan<float> x, ReadOnlySpan<float> h, int hStride, Span<float> y, int count, Span<float> operand)
    {
        int inputs = x.Length / count;
        for (int vector = 0; vector < count; vector++)
            _bias.CopyTo(y[(vector * Rows)..]);
        if (_joined is null)
        {
            _input!.MultiplyAddEach(x, inputs, y, Rows, count);
            _recurrent!.MultiplyAddEach(h, hStride, y, Rows, count);
            return;
        }

        int width = _joined.Columns;
        for (int vector = 0; vector < count; vector++)
        {
            x.Slice(vector * inputs, inputs).CopyTo(operand[(vector * width)..]);
            h.Slice(vector * hStride, width - inputs).CopyTo(operand[((vector * width) + inputs)..]);
        }

        _joined.MultiplyAddEach(operand, width, y, Rows, count);
    }
}
