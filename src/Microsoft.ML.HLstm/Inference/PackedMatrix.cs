using Microsoft.ML.HLstm.Inference.Packing;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// A weight matrix laid out for multiplication. Packed once, never changed afterwards, so that any number of threads and
/// scorers share it.
/// </summary>
internal abstract class PackedMatrix(int rows, int columns)
{
    /// <summary>Vectors that are multiplied side by side come in multiples of this.</summary>
    public const int LaneMultiple = 8;

    /// <summary>Length of what a multiplication writes.</summary>
    public int Rows { get; } = rows;

    /// <summary>Length of what a multiplication reads.</summary>
    public int Columns { get; } = columns;

    /// <summary>Memory that one multiplication reads, inputs and outputs aside.</summary>
    public abstract long Bytes { get; }

    /// <summary>What a multiplication is expected to take, in nanoseconds of which only the ratios matter (<see cref="LayoutCosts"/>).</summary>
    /// <param name="lanes">1, or what <see cref="MultiplyAddLanes"/> takes.</param>
    public abstract double Cost(int lanes);

    /// <summary>What <see cref="MultiplyAddEach"/> is expected to take for some vectors.</summary>
    public virtual double CostApart(int count) => count * Cost(1);

    /// <summary>
    /// Packs a matrix in the layout that suits its mask, its precision and this processor. The values are copied.
    /// </summary>
    public static PackedMatrix Pack(WeightMatrix matrix) => Pack(matrix, PrecisionOf(matrix));

    /// <summary>The same with weights that take other than their own memory.</summary>
    public static PackedMatrix Pack(WeightMatrix matrix, PackedPrecision precision) => MatrixPacker.Pack(matrix, precision, InstructionSets.Best);

    /// <summary>Adds a product: <c>y += W x</c>. Allocates nothing.</summary>
    /// <param name="x">[<see cref="Columns"/>].</param>
    /// <param name="y">[<see cref="Rows"/>]; must not overlap <paramref name="x"/>.</param>
    public void MultiplyAdd(ReadOnlySpan<float> x, Span<float> y)
    {
        // The kernels do without bounds checks because of these two.
        ArgumentOutOfRangeException.ThrowIfNotEqual(x.Length, Columns);
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, Rows);
        MultiplyAddCore(x, y);
    }

    /// <summary>
    /// Adds the products of several vectors that lie side by side, one a lane: <c>y[r, l] += sum_c W[r, c] x[c, l]</c>. Every
    /// weight is read once for all lanes. Allocates nothing.
    /// </summary>
    /// <param name="x">[<see cref="Columns"/>, <paramref name="lanes"/>].</param>
    /// <param name="y">[<see cref="Rows"/>, <paramref name="lanes"/>]; must not overlap <paramref name="x"/>.</param>
    /// <param name="lanes">A positive multiple of <see cref="LaneMultiple"/>.</param>
    public void MultiplyAddLanes(ReadOnlySpan<float> x, Span<float> y, int lanes)
    {
        if (lanes <= 0 || lanes % LaneMultiple != 0)
            throw new ArgumentOutOfRangeException(nameof(lanes), lanes, $"Lanes must be a positive multiple of {LaneMultiple}.");
        ArgumentOutOfRangeException.ThrowIfNotEqual(x.Length, Columns * lanes);
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, Rows * lanes);
        MultiplyAddLanesCore(x, y, lanes);
    }

    /// <summary>
    /// Adds the products of a few vectors that lie apart, as the states of hypotheses do: what <see cref="MultiplyAdd"/> gives for
    /// each, but for the rounding of sums. Allocates nothing.
    /// </summary>
    /// <param name="x">Vector v begins at <paramref name="xStride"/> times v.</param>
    /// <param name="xStride">At least <see cref="Columns"/>.</param>
    /// <param name="y">Vector v begins at <paramref name="yStride"/> times v; must not overlap <paramref name="x"/>.</param>
    /// <param name="yStride">At least <see cref="Rows"/>.</param>
    /// <param name="count">Vectors.</param>
    public void MultiplyAddEach(ReadOnlySpan<float> x, int xStride, Span<float> y, int yStride, int count)
    {
        if (count <= 0)
            return;
        ArgumentOutOfRangeException.ThrowIfLessThan(xStride, Columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(yStride, Rows);
        ArgumentOutOfRangeException.ThrowIfLessThan(x.Length, ((count - 1) * xStride) + Columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(y.Length, ((count - 1) * yStride) + Rows);
        if (count == 1)
            MultiplyAddCore(x[..Columns], y[..Rows]);
        else
            MultiplyAddEachCore(x, xStride, y, yStride, count);
    }

    /// <summary>How many bytes a weight takes in memory follows from how many it takes in the model zip.</summary>
    public static PackedPrecision PrecisionOf(WeightMatrix matrix) => matrix.Precision switch
    {
        WeightPrecision.Half => PackedPrecision.Int16,
        WeightPrecision.Int8 => PackedPrecision.Int8,
        _ => PackedPrecision.Float32,
    };

    /// <summary>The kernel; lengths have been checked.</summary>
    protected abstract void MultiplyAddCore(ReadOnlySpan<float> x, Span<float> y);

    /// <summary>The kernel; lengths have been checked.</summary>
    protected abstract void MultiplyAddLanesCore(ReadOnlySpan<float> x, Span<float> y, int lanes);

    /// <summary>The kernel; lengths have been checked, and there are at least two vectors.</summary>
    protected virtual void MultiplyAddEachCore(ReadOnlySpan<float> x, int xStride, Span<float> y, int yStride, int count)
    {
        for (int vector = 0; vector < count; vector++)
            MultiplyAddCore(x.Slice(vector * xStride, Columns), y.Slice(vector * yStride, Rows));
    }
}
