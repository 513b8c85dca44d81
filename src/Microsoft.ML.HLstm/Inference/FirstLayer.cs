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
    private readonly PackedLayer? _input;
    private readonly PackedMatrix? _recurrent;
    private readonly float[] _bias;

    /// <summary>Packs the weights.</summary>
    /// <param name="weights">Of the cell.</param>
    /// <param name="sequences">Whether the cell reads sequences whose inputs are all known before its first step.</param>
    public FirstLayer(CellWeights weights, bool sequences)
    {
        _bias = weights.Bias;
        bool joins = Joins(weights);
        if (sequences || !joins)
        {
            _input = new PackedLayer(new DenseLayer(weights.Input, weights.Bias));
            Ahead = sequences && VectorBlocks.Cost(_input) < _input.Cost(1) ? _input : null;
        }

        if (joins && Ahead is null)
        {
            _input = null;
            _joined = PackedMatrix.Pack(SideBySide.Join(weights.Input, weights.Recurrent), PackedMatrix.PrecisionOf(weights.Input));
            return;
        }

        _recurrent = PackedMatrix.Pack(weights.Recurrent);
    }

    /// <summary>R: width of the stacked layer.</summary>
    public int Rows => _bias.Length;

    /// <summary><c>Input x + Bias</c> where it pays to compute it for all steps of a sequence before the first one.</summary>
    public PackedLayer? Ahead { get; }

    /// <summary>Of a step of one sequence, its share of what is computed ahead included.</summary>
    public double CostInSequence => Ahead is null ? Cost(1) : VectorBlocks.Cost(Ahead) + _recurrent!.Cost(1);

    /// <inheritdoc cref="PackedMatrix.Cost"/>
    public double Cost(int lanes) => _joined?.Cost(lanes) ?? _input!.Cost(lanes) + _recurrent!.Cost(lanes);

    /// <inheritdoc cref="PackedMatrix.CostApart"/>
    public double CostApart(int count) => _joined?.CostApart(count) ?? _input!.CostApart(count) + _recurrent!.CostApart(count);

    /// <summary>Computes the layer before its activation. Allocates nothing.</summary>
    /// <param name="x">[I, lanes].</param>
    /// <param name="h">[H, lanes].</param>
    /// <param name="y">[R, lanes].</param>
    /// <param name="lanes">As in <see cref="Lanes"/>.</param>
    /// <param name="operand">At least [I + H, lanes] of working memory.</param>
    public void Apply(ReadOnlySpan<float> x, ReadOnlySpan<float> h, Span<float> y, int lanes, Span<float> operand)
    {
        if (_joined is not null)
        {
            Lanes.Repeat(_bias, y, lanes);
            x.CopyTo(operand);
            h.CopyTo(operand[x.Length..]);
            _joined.MultiplyAdd(operand[..(x.Length + h.Length)], y, lanes);
            return;
        }

        _input!.Apply(x, y, lanes);
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
        if (_joined is null)
        {
            _input!.ApplyEach(x, inputs, y, Rows, count);
            _recurrent!.MultiplyAddEach(h, hStride, y, Rows, count);
            return;
        }

        int width = _joined.Columns;
        for (int vector = 0; vector < count; vector++)
        {
            _bias.CopyTo(y[(vector * Rows)..]);
            x.Slice(vector * inputs, inputs).CopyTo(operand[(vector * width)..]);
            h.Slice(vector * hStride, width - inputs).CopyTo(operand[((vector * width) + inputs)..]);
        }

        _joined.MultiplyAddEach(operand, width, y, Rows, count);
    }

    /// <summary>Computes the layer before its activation from what <see cref="Ahead"/> has computed, in its place. Allocates nothing.</summary>
    /// <param name="ahead">[R].</param>
    /// <param name="h">[H].</param>
    public void ApplyAhead(Span<float> ahead, ReadOnlySpan<float> h) => _recurrent!.MultiplyAdd(h, ahead);

    private static bool Joins(CellWeights weights)
    {
        double input = weights.Input.Density, recurrent = weights.Recurrent.Density;
        // Rows of int8 have one scale in each matrix, and would have to share one.
        return weights.Input.Precision != WeightPrecision.Int8 && Math.Max(input, recurrent) <= DensityRatio * Math.Min(input, recurrent);
    }
}
