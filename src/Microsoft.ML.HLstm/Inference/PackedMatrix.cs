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

    /// <summary>
    /// Packs a matrix in the layout that suits its mask, its precision and this processor. The values are copied.
    /// </summary>
    public static PackedMatrix Pack(WeightMatrix matrix) => MatrixPacker.Pack(matrix, PrecisionOf(matrix), InstructionSets.Best);

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
}
