using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>
/// Panels of 16 rows, and in each panel the columns in which any of its rows has a connection: [column, 16] after each other.
/// A dense matrix has all columns in every panel; a mask of 16 x 1 blocks has no zero in any.
/// Where many of the weights are zeros all the same, vectors side by side are multiplied by sparse rows, made at their first use.
/// </summary>
internal sealed class PanelPackedMatrix<TVector, TSimd, TWeight> : PackedMatrix
    where TVector : struct
    where TSimd : ISimd<TVector>
    where TWeight : unmanaged
{
    private const int ChunkColumns = 128;
    private readonly int[] _starts;
    private readonly int[] _columnStarts;
    private readonly int[] _columns;
    private readonly AlignedArray<TWeight> _weights;
    private readonly float[] _scales;
    private readonly Lazy<PackedMatrix>? _sparseLanes;
    private readonly double _cost;
    private readonly double _laneCost;

    /// <summary>Packs the columns that the plan lists.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public PanelPackedMatrix(WeightMatrix matrix, PanelPlan plan, InstructionSet instructions)
        : base(matrix.Rows, matrix.Columns)
    {
        _starts = plan.Starts;
        _columnStarts = plan.ColumnStarts;
        _columns = plan.Columns;
        _weights = new AlignedArray<TWeight>(plan.PackedColumns * PanelPlan.Rows);
        _scales = new float[plan.Panels * PanelPlan.Rows];
        for (int row = 0; row < matrix.Rows; row++)
        {
            ReadOnlySpan<float> values = matrix.Row(row);
            _scales[row] = RowScale.Of<TWeight>(values);
            (int panel, int lane) = Math.DivRem(row, PanelPlan.Rows);
            ReadOnlySpan<int> columns = plan.ColumnsOf(panel);
            for (int index = 0; index < columns.Length; index++)
            {
                _weights.At(((_starts[panel] + index) * PanelPlan.Rows) + lane) =
                    RowScale.Encode<TWeight>(values[columns[index]], _scales[row]);
            }
        }

        _cost = LayoutCosts.Panels(plan, typeof(TWeight) == typeof(float) ? PackedPrecision.Float32 : PackedPrecision.Int16, instructions);
        double sparse = MatrixPacker.SparseRowsCost(matrix.ActiveConnections, matrix, instructions, LaneMultiple);
        double panels = LayoutCosts.PanelLanes(plan.PackedColumns, instructions, LaneMultiple);
        _laneCost = Math.Min(sparse, panels);
        if (sparse < panels)
            _sparseLanes = new(() => MatrixPacker.SparseRows(new Connections(ToWeights()), instructions));
    }

    /// <inheritdoc/>
    public override double Cost(int lanes) => lanes == 1 ? _cost : _laneCost * lanes / LaneMultiple;

    /// <inheritdoc/>
    public override long Bytes => _weights.Bytes + ((long)_columns.Length * sizeof(int)) + ((long)Rows * sizeof(float));

    /// <inheritdoc/>
    protected override void MultiplyAddCore(ReadOnlySpan<float> x, Span<float> y)
    {
        int whole = Rows / PanelPlan.Rows;
        Panels(ref MemoryMarshal.GetReference(x), ref MemoryMarshal.GetReference(y), 0, whole);
        if (whole == _columnStarts.Length)
            return;
        Span<float> rest = stackalloc float[PanelPlan.Rows];
        rest.Clear();
        Panels(ref MemoryMarshal.GetReference(x), ref MemoryMarshal.GetReference(rest), whole, 1);
        for (int row = whole * PanelPlan.Rows; row < Rows; row++)
            y[row] += rest[row % PanelPlan.Rows];
    }

    /// <summary>Some panels, whose results have room for 16 numbers each.</summary>
    private void Panels(ref float x, ref float y, int first, int count)
    {
        ref int starts = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_starts), first);
        ref int columnStarts = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_columnStarts), first);
        ref int columns = ref MemoryMarshal.GetArrayDataReference(_columns);
        ref TWeight weights = ref _weights.At(0);
        ref float scales = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_scales), first * PanelPlan.Rows);
        if (typeof(TSimd) == typeof(Simd512))
        {
            PanelVector512<TWeight>.MultiplyAdd(ref x, ref starts, ref columnStarts, ref columns, ref weights, ref scales, ref y, count);
            return;
        }

        if (typeof(TSimd) == typeof(Simd256))
        {
            PanelVector256<TWeight>.MultiplyAdd(ref x, ref starts, ref columnStarts, ref columns, ref weights, ref scales, ref y, count);
            return;
        }

        for (int panel = 0; panel < count; panel++)
        {
            int start = Unsafe.Add(ref starts, panel), row = panel * PanelPlan.Rows;
            PanelVector<TVector, TSimd, TWeight>.MultiplyAdd(ref x, ref Unsafe.Add(ref columns, Unsafe.Add(ref columnStarts, panel)), ref Unsafe.Add(ref weights, start * PanelPlan.Rows),
                Unsafe.Add(ref starts, panel + 1) - start, ref Unsafe.Add(ref scales, row), ref Unsafe.Add(ref y, row));
        }
    }

    /// <inheritdoc/>
    public override double CostApart(int count) =>
        Grouped ? LayoutCosts.PanelsApart(_cost, _starts[^1], count, PanelGroup<TWeight>.Most, PanelGroup<TWeight>.Fewest) : base.CostApart(count);

    private static bool Grouped => typeof(TSimd) == typeof(Simd512) || typeof(TSimd) == typeof(Simd256);

    /// <inheritdoc/>
    protected override void MultiplyAddEachCore(ReadOnlySpan<float> x, int xStride, Span<float> y, int yStride, int count)
    {
        for (int first = 0, group; first < count; first += group)
        {
            group = Math.Min(PanelGroup<TWeight>.Most, count - first);
            if (Grouped && group >= PanelGroup<TWeight>.Fewest)
                Group(ref MemoryMarshal.GetReference(x[(first * xStride)..]), xStride, y[(first * yStride)..], yStride, group);
            else
                base.MultiplyAddEachCore(x[(first * xStride)..], xStride, y[(first * yStride)..], yStride, group);
        }
    }

    private void Group(ref float x, int xStride, Span<float> y, int yStride, int group)
    {
        Span<float> rest = stackalloc float[PanelGroup<TWeight>.Most * PanelPlan.Rows];
        rest.Clear();
        for (int panel = 0; panel < _columnStarts.Length; panel++)
        {
            int count = _starts[panel + 1] - _starts[panel], row = panel * PanelPlan.Rows, rows = Math.Min(PanelPlan.Rows, Rows - row);
            if (count == 0)
                continue;
            bool whole = rows == PanelPlan.Rows;
            ref float result = ref MemoryMarshal.GetReference(whole ? y[row..] : rest);
            int stride = whole ? yStride : PanelPlan.Rows;
            ref int columns = ref _columns[_columnStarts[panel]];
            ref TWeight weights = ref _weights.At(_starts[panel] * PanelPlan.Rows);
            if (typeof(TSimd) == typeof(Simd512))
                PanelGroup<TWeight>.MultiplyAdd512(ref x, xStride, ref columns, ref weights, count, ref _scales[row], ref result, stride, group);
            else
                PanelGroup<TWeight>.MultiplyAdd256(ref x, xStride, ref columns, ref weights, count, ref _scales[row], ref result, stride, group);
            for (int vector = 0; vector < group && !whole; vector++)
            {
                for (int i = 0; i < rows; i++)
                    y[(vector * yStride) + row + i] += rest[(vector * PanelPlan.Rows) + i];
            }
        }
    }

    /// <inheritdoc/>
    [MethodImpl(Compiled.AtOnce)]
    protected override void MultiplyAddLanesCore(ReadOnlySpan<float> x, Span<float> y, int lanes)
    {
        if (_sparseLanes is not null)
        {
            _sparseLanes.Value.MultiplyAddLanes(x, y, lanes);
            return;
        }

        ref float input = ref MemoryMarshal.GetReference(x);
        Span<float> chunk = stackalloc float[typeof(TWeight) == typeof(float) ? 0 : ChunkColumns * PanelPlan.Rows];
        for (int panel = 0; panel < _columnStarts.Length; panel++)
        {
            int row = panel * PanelPlan.Rows;
            int rows = Math.Min(PanelPlan.Rows, Rows - row);
            int panelColumns = _starts[panel + 1] - _starts[panel];
            for (int first = 0; first < panelColumns; first += ChunkColumns)
            {
                int count = Math.Min(ChunkColumns, panelColumns - first);
                ref TWeight packed = ref _weights.At((_starts[panel] + first) * PanelPlan.Rows);
                ref float weights = ref Widen(ref packed, count, ref _scales[row], chunk);
                ref int columns = ref _columns[_columnStarts[panel] + first];
                ref float sums = ref y[row * lanes];
                int lane = 0;
                for (; lane <= lanes - TSimd.Count; lane += TSimd.Count)
                    PanelLanes<TVector, TSimd>.MultiplyAdd(ref Unsafe.Add(ref input, lane), lanes, ref columns, ref weights, count, ref Unsafe.Add(ref sums, lane), rows);
                if (lane < lanes)
                    PanelLanes<Vector256<float>, Simd256>.MultiplyAdd(ref Unsafe.Add(ref input, lane), lanes, ref columns, ref weights, count, ref Unsafe.Add(ref sums, lane), rows);
            }
        }
    }

    private WeightMatrix ToWeights()
    {
        float[] values = new float[Rows * Columns];
        for (int row = 0; row < Rows; row++)
        {
            (int panel, int lane) = Math.DivRem(row, PanelPlan.Rows);
            for (int index = _starts[panel]; index < _starts[panel + 1]; index++)
            {
                int column = _columns[_columnStarts[panel] + index - _starts[panel]];
                values[(row * Columns) + column] = RowScale.ToSingle(_weights.At((index * PanelPlan.Rows) + lane)) * _scales[row];
            }
        }

        return new WeightMatrix("panels", Rows, Columns, values);
    }

    /// <summary>Weights as float32: where they are, or widened and scaled into <paramref name="chunk"/>.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private static ref float Widen(ref TWeight packed, int count, ref float scales, Span<float> chunk)
    {
        if (typeof(TWeight) == typeof(float))
            return ref Unsafe.As<TWeight, float>(ref packed);
        ref float widened = ref MemoryMarshal.GetReference(chunk);
        for (int index = 0; index < count * PanelPlan.Rows; index += TSimd.Count)
        {
            TVector scale = TSimd.Load(ref scales, (nuint)(index % PanelPlan.Rows));
            TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(ref packed, (nuint)index), scale, default), ref widened, (nuint)index);
        }

        return ref widened;
    }
}
