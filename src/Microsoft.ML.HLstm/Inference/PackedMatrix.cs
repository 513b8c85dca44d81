namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// A weight matrix laid out for multiplication. Packed once, never changed afterwards, so that any number of threads and
/// scorers share it.
/// </summary>
internal abstract class PackedMatrix(int rows, int columns)
{
    /// <summary>
    /// Density from which reading every weight in order beats following column indices. Measured on one AVX-512 core with
    /// vectors of 256 bits: the two meet at 13 to 15 % at 256 x 256 and 5000 x 256, at 15 to 20 % at 1024 x 256.
    /// </summary>
    public const double DenseFrom = 0.15;

    /// <summary>Vectors that are multiplied side by side come in multiples of this.</summary>
    public const int LaneMultiple = 8;

    /// <summary>Length of what a multiplication writes.</summary>
    public int Rows { get; } = rows;

    /// <summary>Length of what a multiplication reads.</summary>
    public int Columns { get; } = columns;

    /// <summary>Packs a matrix in the layout that suits its density. The values are copied or kept, and must not change.</summary>
    public static PackedMatrix Pack(WeightMatrix matrix) =>
        matrix.Density >= DenseFrom ? new DensePackedMatrix(matrix) : new SparsePackedMatrix(matrix);

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

    /// <summary>The kernel; lengths have been checked.</summary>
    protected abstract void MultiplyAddCore(ReadOnlySpan<float> x, Span<float> y);

    /// <summary>The kernel; lengths have been checked.</summary>
    protected abstract void MultiplyAddLanesCore(ReadOnlySpan<float> x, Span<float> y, int lanes);
}
