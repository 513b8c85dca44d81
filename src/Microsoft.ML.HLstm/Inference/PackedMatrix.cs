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

    /// <summary>The kernel; lengths have been checked.</summary>
    protected abstract void MultiplyAddCore(ReadOnlySpan<float> x, Span<float> y);
}
