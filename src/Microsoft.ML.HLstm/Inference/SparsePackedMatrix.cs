using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// Compressed sparse rows: the active weights and their columns, row after row. Rows without a connection cost one
/// comparison.
/// </summary>
internal sealed class SparsePackedMatrix : PackedMatrix
{
    private readonly int[] _rowStarts;
    private readonly int[] _columns;
    private readonly float[] _values;

    /// <summary>Packs the active connections.</summary>
    public SparsePackedMatrix(WeightMatrix matrix)
        : base(matrix.Rows, matrix.Columns)
    {
        int active = matrix.ActiveConnections;
        _rowStarts = new int[matrix.Rows + 1];
        _columns = new int[active];
        _values = new float[active];
        int next = 0;
        for (int row = 0; row < matrix.Rows; row++)
        {
            ReadOnlySpan<float> values = matrix.Row(row);
            for (int column = 0; column < values.Length; column++)
            {
                if (values[column] == 0f)
                    continue;
                _columns[next] = column;
                _values[next++] = values[column];
            }

            _rowStarts[row + 1] = next;
        }
    }

    /// <inheritdoc/>
    protected override void MultiplyAddCore(ReadOnlySpan<float> x, Span<float> y)
    {
        // References instead of spans: columns are below Columns by construction, and the checks cost as much as the products.
        ref float input = ref MemoryMarshal.GetReference(x);
        ref float weights = ref MemoryMarshal.GetArrayDataReference(_values);
        ref int columns = ref MemoryMarshal.GetArrayDataReference(_columns);
        int index = 0;
        for (int row = 0; row < y.Length; row++)
        {
            int end = _rowStarts[row + 1];
            if (index == end)
                continue;
            float even = 0, odd = 0;
            for (; index + 1 < end; index += 2)
            {
                even += Unsafe.Add(ref weights, index) * Unsafe.Add(ref input, Unsafe.Add(ref columns, index));
                odd += Unsafe.Add(ref weights, index + 1) * Unsafe.Add(ref input, Unsafe.Add(ref columns, index + 1));
            }

            if (index < end)
            {
                even += Unsafe.Add(ref weights, index) * Unsafe.Add(ref input, Unsafe.Add(ref columns, index));
                index++;
            }

            y[row] += even + odd;
        }
    }

    /// <inheritdoc/>
    protected override void MultiplyAddLanesCore(ReadOnlySpan<float> x, Span<float> y, int lanes)
    {
        for (int row = 0; row < Rows; row++)
        {
            Span<float> sums = y.Slice(row * lanes, lanes);
            for (int index = _rowStarts[row]; index < _rowStarts[row + 1]; index++)
                TensorPrimitives.MultiplyAdd(x.Slice(_columns[index] * lanes, lanes), _values[index], sums, sums);
        }
    }
}
