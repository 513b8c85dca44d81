using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>
/// Slices of 16 rows for unstructured masks, one row a lane of a 512-bit vector. A step is 16 slots, each a weight with its
/// column in the lowest bits (<see cref="SlotCode"/>); one permutation of two registers fetches the 16 inputs from a window of
/// 32 columns. A mask with k connections in every 32 columns fills all slots.
/// </summary>
/// <typeparam name="TSlot">float, or short with a scale a row.</typeparam>
internal sealed class SlicedPackedMatrix<TSlot> : PackedMatrix
    where TSlot : unmanaged
{
    private const int MostTogether = 5;

    // Slices whose sums wait to be added where they belong: 4 KB of the stack.
    private const int MostBuffered = 64;

    // 40 KB of the stack; longer inputs are read where they are.
    private const int MostCopied = 10_240;
    private readonly int _stepsPerWindow;
    private readonly int[]? _rowOrder;
    private readonly int[] _windowStarts;
    private readonly int[] _windows;
    private readonly AlignedArray<TSlot> _slots;
    private readonly float[] _scales;
    private readonly Lazy<PackedMatrix> _lanes;
    private readonly double _cost;
    private readonly int _connections;

    /// <summary>Encodes the connections where the plan has put them.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public SlicedPackedMatrix(Connections connections, SlicePlan plan)
        : base(connections.Rows, connections.Columns)
    {
        _cost = LayoutCosts.Slices(plan, typeof(TSlot) == typeof(float) ? PackedPrecision.Float32 : PackedPrecision.Int8);
        _connections = connections.Count;
        _stepsPerWindow = plan.StepsPerWindow;
        _rowOrder = plan.RowOrder;
        _windowStarts = plan.WindowStarts;
        _windows = [.. plan.Windows];
        _slots = new AlignedArray<TSlot>(plan.Slots.Count);
        _scales = new float[plan.Slices * SlicePlan.Rows];
        int slot = 0;
        for (int lane = 0; lane < Rows; lane++)
            _scales[lane] = typeof(TSlot) == typeof(float) ? 1 : SlotCode.ScaleOf(connections.WeightsOf(RowOf(lane)));
        for (int slice = 0; slice < plan.Slices; slice++)
        {
            for (; slot < _windowStarts[slice + 1] * _stepsPerWindow * SlicePlan.Rows; slot++)
            {
                int connection = plan.Slots[slot];
                if (connection == SlicePlan.Empty)
                    continue;
                int column = connections.ColumnOf[connection] - _windows[slot / (_stepsPerWindow * SlicePlan.Rows)];
                float weight = connections.Weight[connection];
                _slots.At(slot) = typeof(TSlot) == typeof(float)
                    ? (TSlot)(object)SlotCode.Single(weight, column)
                    : (TSlot)(object)SlotCode.Int16(weight, _scales[(slice * SlicePlan.Rows) + (slot % SlicePlan.Rows)], column);
            }
        }

        // Side by side every weight is read once for all lanes, and what its slot saves no longer pays for the empty ones.
        _lanes = new(() => new CsrPackedMatrix<Vector512<float>, Simd512>(new Connections(ToWeights())));
    }

    /// <summary>The weights as they are multiplied, rounded to their slots.</summary>
    public WeightMatrix ToWeights()
    {
        float[] values = new float[Rows * Columns];
        int slot = 0;
        for (int slice = 0; slice < _windowStarts.Length - 1; slice++)
        {
            for (; slot < _windowStarts[slice + 1] * _stepsPerWindow * SlicePlan.Rows; slot++)
            {
                TSlot code = _slots.At(slot);
                int lane = (slice * SlicePlan.Rows) + (slot % SlicePlan.Rows);
                int bits = typeof(TSlot) == typeof(float) ? BitConverter.SingleToInt32Bits((float)(object)code) : (short)(object)code;
                if (bits == 0)
                    continue;
                int column = _windows[slot / (_stepsPerWindow * SlicePlan.Rows)] + (bits & (SlicePlan.WindowColumns - 1));
                values[(RowOf(lane) * Columns) + column] = RowScale.ToSingle(code) * _scales[lane];
            }
        }

        return new WeightMatrix("sliced", Rows, Columns, values);
    }

    /// <inheritdoc/>
    public override double Cost(int lanes) => lanes == 1 ? _cost : LayoutCosts.CsrLanes(_connections, lanes);

    /// <inheritdoc/>
    public override long Bytes => _slots.Bytes + ((long)_windows.Length * sizeof(int)) + ((long)Rows * (sizeof(int) + sizeof(float)));

    /// <inheritdoc/>
    protected override void MultiplyAddCore(ReadOnlySpan<float> x, Span<float> y) => Together(x, Columns, y, Rows, 1);

    /// <inheritdoc/>
    protected override void MultiplyAddLanesCore(ReadOnlySpan<float> x, Span<float> y, int lanes) =>
        _lanes.Value.MultiplyAddLanes(x, y, lanes);

    /// <inheritdoc/>
    protected override void MultiplyAddEachCore(ReadOnlySpan<float> x, int xStride, Span<float> y, int yStride, int count)
    {
        for (int first = 0, group; first < count; first += group)
        {
            group = Math.Min(MostTogether, count - first) is var rest && rest == 4 ? 2 : rest;
            Together(x[(first * xStride)..], xStride, y[(first * yStride)..], yStride, group);
        }
    }

    /// <summary>A few vectors, copied to where windows are whole cache lines and where there are columns enough for one, unless one lies so.</summary>
    [SkipLocalsInit]
    private unsafe void Together(ReadOnlySpan<float> x, int xStride, Span<float> y, int yStride, int group)
    {
        int width = Math.Max(SlicePlan.WindowColumns, (Columns + SlicePlan.Rows - 1) & -SlicePlan.Rows);
        bool lies = group == 1 && width == Columns && (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(x)) % (SlicePlan.Rows * sizeof(float)) == 0;
        if (lies || group * width > MostCopied)
        {
            Multiply(ref MemoryMarshal.GetReference(x), xStride, y, yStride, group);
            return;
        }

        float* space = stackalloc float[(group * width) + SlicePlan.Rows];
        float* aligned = (float*)(((nuint)space + (SlicePlan.Rows * sizeof(float)) - 1) & ~(nuint)((SlicePlan.Rows * sizeof(float)) - 1));
        for (int vector = 0; vector < group; vector++)
        {
            var copy = new Span<float>(aligned + (vector * width), width);
            x.Slice(vector * xStride, Columns).CopyTo(copy);
            copy[Columns..].Clear();
        }

        Multiply(ref *aligned, width, y, yStride, group);
    }

    private void Multiply(ref float x, int xStride, Span<float> y, int yStride, int group)
    {
        if (group == 1)
            Slices(ref x, y[..Rows]);
        else
            Group(ref x, xStride, y, yStride, group);
    }

    [MethodImpl(Compiled.AtOnce)]
    private void Group(ref float x, int xStride, Span<float> y, int yStride, int group)
    {
        ref int windows = ref MemoryMarshal.GetArrayDataReference(_windows);
        ref TSlot slots = ref _slots.At(0);
        Span<float> sums = stackalloc float[MostTogether * SlicePlan.Rows];
        ref float sum = ref MemoryMarshal.GetReference(sums);
        for (int slice = 0; slice < _windowStarts.Length - 1; slice++)
        {
            int count = _windowStarts[slice + 1] - _windowStarts[slice];
            if (count == 0)
                continue;
            if (group == MostTogether)
                SliceGroup<TSlot>.Five(ref x, xStride, ref windows, ref slots, count, _stepsPerWindow, ref sum);
            else if (group == 3)
                SliceGroup<TSlot>.Three(ref x, xStride, ref windows, ref slots, count, _stepsPerWindow, ref sum);
            else
                SliceGroup<TSlot>.Two(ref x, xStride, ref windows, ref slots, count, _stepsPerWindow, ref sum);
            for (int vector = 0; vector < group; vector++)
            {
                var found = Vector512.LoadUnsafe(ref sum, (nuint)(vector * SlicePlan.Rows));
                if (typeof(TSlot) != typeof(float))
                    found *= Vector512.LoadUnsafe(ref _scales[slice * SlicePlan.Rows]);
                AddTo(y.Slice(vector * yStride, Rows), slice * SlicePlan.Rows, found);
            }

            windows = ref Unsafe.Add(ref windows, count);
            slots = ref Unsafe.Add(ref slots, count * _stepsPerWindow * SlicePlan.Rows);
        }
    }

    private int RowOf(int lane) => _rowOrder is null ? lane : _rowOrder[lane];

    /// <summary>Slices whose rows lie together and are all there write to where they belong, others to a buffer first.</summary>
    [SkipLocalsInit]
    private void Slices(ref float x, Span<float> y)
    {
        int direct = _rowOrder is null ? Rows / SlicePlan.Rows : 0, all = _windowStarts.Length - 1;
        Slices(ref x, 0, direct, ref MemoryMarshal.GetReference(y));
        Span<float> sums = stackalloc float[MostBuffered * SlicePlan.Rows];
        for (int first = direct; first < all; first += MostBuffered)
        {
            int count = Math.Min(MostBuffered, all - first);
            sums[..(count * SlicePlan.Rows)].Clear();
            Slices(ref x, first, count, ref MemoryMarshal.GetReference(sums));
            AddTo(y, first * SlicePlan.Rows, sums[..(count * SlicePlan.Rows)]);
        }
    }

    /// <summary>Adds the sums of lanes, from <paramref name="first"/> on, to their rows; lanes after the last row have none.</summary>
    private void AddTo(Span<float> y, int first, ReadOnlySpan<float> sums)
    {
        int count = Math.Min(sums.Length, Rows - first);
        if (_rowOrder is null)
        {
            // The rows of the last slice, which is not whole: at most 15.
            for (int lane = 0; lane < count; lane++)
                y[first + lane] += sums[lane];
        }
        else
            Scatter(ref MemoryMarshal.GetReference(sums), ref _rowOrder[first], count, ref MemoryMarshal.GetReference(y));
    }

    /// <summary>Adds numbers to the rows they belong to, which the order of rows keeps inside the result.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private static void Scatter(ref float sums, ref int rows, int count, ref float y)
    {
        int lane = 0;
        for (; lane <= count - 4; lane += 4)
        {
            Unsafe.Add(ref y, Unsafe.Add(ref rows, lane)) += Unsafe.Add(ref sums, lane);
            Unsafe.Add(ref y, Unsafe.Add(ref rows, lane + 1)) += Unsafe.Add(ref sums, lane + 1);
            Unsafe.Add(ref y, Unsafe.Add(ref rows, lane + 2)) += Unsafe.Add(ref sums, lane + 2);
            Unsafe.Add(ref y, Unsafe.Add(ref rows, lane + 3)) += Unsafe.Add(ref sums, lane + 3);
        }

        for (; lane < count; lane++)
            Unsafe.Add(ref y, Unsafe.Add(ref rows, lane)) += Unsafe.Add(ref sums, lane);
    }

    private void Slices(ref float x, int first, int count, ref float y)
    {
        ref int starts = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_windowStarts), first);
        ref int windows = ref MemoryMarshal.GetArrayDataReference(_windows);
        ref float scales = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_scales), first * SlicePlan.Rows);
        ref TSlot slots = ref _slots.At(0);
        if (_stepsPerWindow == 1)
            SliceVector<TSlot>.One(ref x, ref starts, count, ref windows, ref slots, ref scales, ref y);
        else if (_stepsPerWindow == 2)
            SliceVector<TSlot>.Two(ref x, ref starts, count, ref windows, ref slots, ref scales, ref y);
        else
            SliceVector<TSlot>.Four(ref x, ref starts, count, ref windows, ref slots, ref scales, ref y);
    }

    [MethodImpl(Compiled.AtOnce)]
    private void AddTo(Span<float> y, int first, Vector512<float> sum)
    {
        if (_rowOrder is null && first + SlicePlan.Rows <= y.Length)
        {
            ref float rows = ref y[first];
            (sum + Vector512.LoadUnsafe(ref rows)).StoreUnsafe(ref rows);
            return;
        }

        Span<float> sums = stackalloc float[SlicePlan.Rows];
        sum.StoreUnsafe(ref MemoryMarshal.GetReference(sums));
        AddTo(y, first, sums);
    }
}
