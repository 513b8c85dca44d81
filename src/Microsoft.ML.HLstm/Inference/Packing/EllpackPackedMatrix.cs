using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>
/// Groups of eight rows of similar length, one row a lane of a 256-bit vector, for processors without AVX-512: sliced ELLPACK
/// with sorted rows (SELL-C-σ, M. Kreutzer et al., SIAM J. Sci. Comput. 36(5), 2014). A step holds the next weight of each row
/// and its column in 16 bits; nearly no slot is empty, whatever the mask. Always float32.
/// </summary>
internal sealed class EllpackPackedMatrix : PackedMatrix
{
    /// <summary>Rows of a group: lanes of a 256-bit vector.</summary>
    public const int GroupRows = 8;

    /// <summary>Columns that fit into the 16 bits of a slot.</summary>
    public const int MostColumns = ushort.MaxValue + 1;

    private readonly int[] _rowOrder;
    private readonly int[] _starts;
    private readonly AlignedArray<float> _weights;
    private readonly AlignedArray<ushort> _columns;

    /// <summary>Lays the connections out.</summary>
    /// <param name="connections">Of a matrix of at most <see cref="MostColumns"/> columns.</param>
    [MethodImpl(Compiled.AtOnce)]
    public EllpackPackedMatrix(Connections connections)
        : base(connections.Rows, connections.Columns)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(connections.Columns, MostColumns);
        _rowOrder = connections.RowsByLength;
        _starts = new int[((Rows + GroupRows - 1) / GroupRows) + 1];
        for (int group = 0; group < _starts.Length - 1; group++)
            _starts[group + 1] = _starts[group] + Length(connections, group * GroupRows);
        _weights = new AlignedArray<float>(_starts[^1] * GroupRows);
        _columns = new AlignedArray<ushort>(_starts[^1] * GroupRows);
        for (int lane = 0; lane < Rows; lane++)
        {
            int first = connections.RowStarts[_rowOrder[lane]];
            int slot = (_starts[lane / GroupRows] * GroupRows) + (lane % GroupRows);
            for (int step = 0; step < Length(connections, lane); step++, slot += GroupRows)
                (_weights.At(slot), _columns.At(slot)) = (connections.Weight[first + step], (ushort)connections.ColumnOf[first + step]);
        }
    }

    /// <inheritdoc/>
    public override double Cost(int lanes) => LayoutCosts.Ellpack(_weights.Length, Rows, lanes);

    /// <inheritdoc/>
    public override long Bytes => _weights.Bytes + _columns.Bytes + ((long)Rows * sizeof(int));

    /// <inheritdoc/>
    [MethodImpl(Compiled.AtOnce)]
    protected override void MultiplyAddCore(ReadOnlySpan<float> x, Span<float> y)
    {
        // References instead of spans: columns are below Columns by construction, and the checks cost as much as the products.
        ref float input = ref MemoryMarshal.GetReference(x);
        ref float output = ref MemoryMarshal.GetReference(y);
        ref int order = ref MemoryMarshal.GetArrayDataReference(_rowOrder);
        for (int group = 0; group < _starts.Length - 1 && _starts[group] < _starts[group + 1]; group++)
        {
            int slot = _starts[group] * GroupRows;
            Vector256<float> sum = EllpackGroup.Sum(ref input, ref _weights.At(slot), ref _columns.At(slot), _starts[group + 1] - _starts[group]);
            for (int lane = 0, row = group * GroupRows; lane < GroupRows && row < Rows; lane++, row++)
                Unsafe.Add(ref output, Unsafe.Add(ref order, row)) += sum[lane];
        }
    }

    /// <inheritdoc/>
    [MethodImpl(Compiled.AtOnce)]
    protected override void MultiplyAddLanesCore(ReadOnlySpan<float> x, Span<float> y, int lanes)
    {
        ref float input = ref MemoryMarshal.GetReference(x);
        ref float output = ref MemoryMarshal.GetReference(y);
        Span<float> sums = stackalloc float[GroupRows * LaneMultiple];
        ref float sum = ref MemoryMarshal.GetReference(sums);
        for (int group = 0; group < _starts.Length - 1 && _starts[group] < _starts[group + 1]; group++)
        {
            int slot = _starts[group] * GroupRows, first = group * GroupRows, steps = _starts[group + 1] - _starts[group];
            for (int lane = 0; lane < lanes; lane += LaneMultiple)
            {
                if (lanes == LaneMultiple)
                    EllpackGroup.Sums(ref input, ref _weights.At(slot), ref _columns.At(slot), steps, ref sum);
                else
                    EllpackGroup.Sums(ref Unsafe.Add(ref input, lane), lanes, ref _weights.At(slot), ref _columns.At(slot), steps, ref sum);
                for (int row = 0; row < GroupRows && first + row < Rows; row++)
                {
                    ref float to = ref Unsafe.Add(ref output, (_rowOrder[first + row] * lanes) + lane);
                    (Vector256.LoadUnsafe(ref to) + Vector256.LoadUnsafe(ref sum, (nuint)(row * LaneMultiple))).StoreUnsafe(ref to);
                }
            }
        }
    }

    /// <summary>Connections of the row of a lane. That of a group's first lane is its longest.</summary>
    private int Length(Connections connections, int lane) =>
        connections.RowStarts[_rowOrder[lane] + 1] - connections.RowStarts[_rowOrder[lane]];
}
