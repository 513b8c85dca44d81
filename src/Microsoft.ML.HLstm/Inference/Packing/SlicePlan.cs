using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>
/// Which connection goes into which slot of <see cref="SlicedPackedMatrix{TSlot}"/>. A slice is 16 rows; a window is
/// 32 columns of the input, the first one a multiple of 16 or as near as the last column allows: a tenth of the slots more are empty than if it
/// could be any, and no load lies across two cache lines. Every window has the same number of steps, in each of which each of the 16 rows takes its
/// next connection if that lies inside the window.
/// </summary>
internal sealed class SlicePlan
{
    /// <summary>Rows of a slice: lanes of a 512-bit vector.</summary>
    public const int Rows = 16;

    /// <summary>Columns of a window: numbers in the two registers of a permutation.</summary>
    public const int WindowColumns = 32;

    /// <summary>Connection of a slot without one.</summary>
    public const int Empty = -1;

    private const int SampledSlices = 8;
    private readonly int _stride;

    /// <summary>Fills the slots.</summary>
    /// <param name="connections">The connections of the matrix.</param>
    /// <param name="stepsPerWindow">1, 2 or 4.</param>
    /// <param name="byLength">Whether rows of similar length share a slice, or neighbours.</param>
    public SlicePlan(Connections connections, int stepsPerWindow, bool byLength)
        : this(connections, stepsPerWindow, byLength, stride: 1)
    {
    }

    private SlicePlan(Connections connections, int stepsPerWindow, bool byLength, int stride)
    {
        _stride = stride;
        StepsPerWindow = stepsPerWindow;
        RowOrder = byLength ? connections.RowsByLength : null;
        Slices = (connections.Rows + Rows - 1) / Rows;
        WindowStarts = new int[Slices + 1];
        for (int slice = 0; slice < Slices; slice += stride)
        {
            FillSlice(connections, slice * Rows);
            WindowStarts[slice + 1] = Windows.Count;
        }
    }

    /// <summary>A plan of some slices, spread evenly, which tells what the whole plan would cost.</summary>
    public static SlicePlan Sample(Connections connections, int stepsPerWindow, bool byLength) =>
        new(connections, stepsPerWindow, byLength, Math.Max(1, connections.Rows / (Rows * SampledSlices)));

    /// <summary>Windows of all slices, those that a sample leaves out included.</summary>
    public double WindowCount => (double)Windows.Count * Slices / Math.Max(1, (Slices + _stride - 1) / _stride);

    /// <summary>Steps that share a window.</summary>
    public int StepsPerWindow { get; }

    /// <summary>The row of every lane of every slice in turn; null if rows keep their order.</summary>
    public int[]? RowOrder { get; }

    /// <summary>Number of slices.</summary>
    public int Slices { get; }

    /// <summary>Windows of all slices before each slice; one more element than slices.</summary>
    public int[] WindowStarts { get; }

    /// <summary>First column of every window.</summary>
    public List<int> Windows { get; } = [];

    /// <summary>Index of the connection in every slot, or <see cref="Empty"/>: [windows, steps, 16].</summary>
    public List<int> Slots { get; } = [];

    [MethodImpl(Compiled.AtOnce)]
    private void FillSlice(Connections connections, int firstRow)
    {
        Span<int> next = stackalloc int[Rows];
        Span<int> end = stackalloc int[Rows];
        for (int lane = 0; lane < Rows && firstRow + lane < connections.Rows; lane++)
        {
            int row = RowOrder is null ? firstRow + lane : RowOrder[firstRow + lane];
            (next[lane], end[lane]) = (connections.RowStarts[row], connections.RowStarts[row + 1]);
        }

        int lastStart = Math.Max(0, connections.Columns - WindowColumns);
        while (true)
        {
            int start = int.MaxValue;
            for (int lane = 0; lane < Rows; lane++)
            {
                if (next[lane] < end[lane])
                    start = Math.Min(start, connections.ColumnOf[next[lane]]);
            }

            if (start == int.MaxValue)
                return;
            start = Math.Min(start & -Rows, lastStart);
            Windows.Add(start);
            CollectionsMarshal.SetCount(Slots, Slots.Count + (StepsPerWindow * Rows));
            Span<int> slots = CollectionsMarshal.AsSpan(Slots)[^(StepsPerWindow * Rows)..];
            for (int lane = 0; lane < Rows; lane++)
            {
                for (int slot = lane; slot < slots.Length; slot += Rows)
                {
                    bool inside = next[lane] < end[lane] && connections.ColumnOf[next[lane]] < start + WindowColumns;
                    slots[slot] = inside ? next[lane]++ : Empty;
                }
            }
        }
    }
}
