using Microsoft.ML.Data;

namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>The input values of the row that a cursor stands on.</summary>
internal sealed class ScorerInputs
{
    private readonly object[] _cells;
    private readonly DataViewType[] _types;

    /// <summary>Takes the getters of the input columns.</summary>
    public ScorerInputs(DataViewRow row, IReadOnlyList<DataViewSchema.Column> columns)
    {
        _cells = [.. columns.Select(column => MakeCell(row, column))];
        _types = [.. columns.Select(column => column.Type)];
    }

    /// <summary>The type of an input, for columns that may have one of several.</summary>
    public DataViewType Type(int input) => _types[input];

    /// <summary>A text.</summary>
    public ReadOnlyMemory<char> Text(int input) => ((Cell<ReadOnlyMemory<char>>)_cells[input]).Get();

    /// <summary>A single number.</summary>
    public float Single(int input) => ((Cell<float>)_cells[input]).Get();

    /// <summary>A vector of numbers, zeros included; valid until the next call for this column.</summary>
    public ReadOnlySpan<float> Singles(int input) => Values<float>(input);

    /// <summary>A vector of bytes, zeros included; valid until the next call for this column.</summary>
    public ReadOnlySpan<byte> Bytes(int input) => Values<byte>(input);

    /// <summary>A vector of texts; valid until the next call for this column.</summary>
    public ReadOnlySpan<ReadOnlyMemory<char>> Texts(int input) => Values<ReadOnlyMemory<char>>(input);

    private ReadOnlySpan<T> Values<T>(int input)
    {
        VectorCell<T> cell = (VectorCell<T>)_cells[input];
        VBuffer<T> vector = cell.Get();
        if (vector.IsDense)
            return vector.GetValues();
        if (cell.Dense.Length < vector.Length)
            cell.Dense = new T[vector.Length];
        vector.CopyTo(cell.Dense);
        return cell.Dense.AsSpan(0, vector.Length);
    }

    private static object MakeCell(DataViewRow row, DataViewSchema.Column column) => column.Type switch
    {
        TextDataViewType => new Cell<ReadOnlyMemory<char>>(row, column),
        NumberDataViewType { RawType: { } type } when type == typeof(float) => new Cell<float>(row, column),
        VectorDataViewType { ItemType: TextDataViewType } => new VectorCell<ReadOnlyMemory<char>>(row, column),
        VectorDataViewType { ItemType: NumberDataViewType { RawType: { } type } } when type == typeof(float) => new VectorCell<float>(row, column),
        VectorDataViewType { ItemType: NumberDataViewType { RawType: { } type } } when type == typeof(byte) => new VectorCell<byte>(row, column),
        _ => throw new NotSupportedException(
            $"Column '{column.Name}' has type {column.Type}: a scorer reads text, Single, vectors of them and of bytes."),
    };

    private sealed class VectorCell<T>(DataViewRow row, DataViewSchema.Column column) : Cell<VBuffer<T>>(row, column)
    {
        // Sparse vectors are spread out here.
        public T[] Dense = [];
    }

    private class Cell<T>(DataViewRow row, DataViewSchema.Column column)
    {
        private readonly ValueGetter<T> _getter = row.GetGetter<T>(column);
        private T _value = default!;

        public T Get()
        {
            _getter(ref _value);
            return _value;
        }
    }
}
