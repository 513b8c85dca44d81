using Microsoft.ML.Data;

namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>Takes the results of one row and hands them to whoever asks a cursor for them.</summary>
internal sealed class ScorerOutputs
{
    private readonly Cell?[] _cells;

    /// <summary>Makes room for the columns that somebody wants.</summary>
    public ScorerOutputs(IReadOnlyList<OutputColumn> columns, Func<int, bool> isActive) =>
        _cells = [.. columns.Select((column, i) => isActive(i) ? MakeCell(column) : null)];

    /// <summary>Tells whether anybody wants a column, so that its work can be left out; nobody wants one that is not declared.</summary>
    public bool IsActive(int output) => output < _cells.Length && _cells[output] is not null;

    /// <summary>Sets a text. Like every setter, does nothing for a column that nobody wants.</summary>
    public void SetText(int output, ReadOnlyMemory<char> value) => Set(output, value);

    /// <summary>Sets a text.</summary>
    public void SetText(int output, string value) => Set(output, value.AsMemory());

    /// <summary>Sets a number.</summary>
    public void SetSingle(int output, float value) => Set(output, value);

    /// <summary>Sets a vector of texts.</summary>
    public void SetTexts(int output, ReadOnlySpan<ReadOnlyMemory<char>> values) => SetVector(output, values);

    /// <summary>Sets a vector of numbers.</summary>
    public void SetSingles(int output, ReadOnlySpan<float> values) => SetVector(output, values);

    /// <summary>Sets every column to its missing value: empty text, NaN, a vector of length zero.</summary>
    internal void Clear()
    {
        foreach (Cell? cell in _cells)
            cell?.Clear();
    }

    /// <summary>Makes ML.NET's getters; null for columns that nobody wants.</summary>
    /// <param name="scored">
    /// Scores the row that the cursor stands on, unless that is done, and gives its results: these, or others of the same columns.
    /// </param>
    internal Delegate[] MakeGetters(Func<ScorerOutputs> scored) => [.. _cells.Select((cell, i) => cell?.MakeGetter(() => scored()._cells[i]!)!)];

    private void Set<T>(int output, T value)
    {
        if (_cells[output] is { } cell)
            ((Cell<T>)cell).Value = value;
    }

    private void SetVector<T>(int output, ReadOnlySpan<T> values)
    {
        if (_cells[output] is not { } cell)
            return;
        ref VBuffer<T> vector = ref ((Cell<VBuffer<T>>)cell).Value;
        VBufferEditor<T> editor = VBufferEditor.Create(ref vector, values.Length);
        values.CopyTo(editor.Values);
        vector = editor.Commit();
    }

    private static Cell MakeCell(OutputColumn column) => column.Type switch
    {
        TextDataViewType => new Cell<ReadOnlyMemory<char>>(default),
        NumberDataViewType { RawType: { } type } when type == typeof(float) => new Cell<float>(float.NaN),
        VectorDataViewType { ItemType: TextDataViewType } => new VectorCell<ReadOnlyMemory<char>>(),
        VectorDataViewType { ItemType: NumberDataViewType { RawType: { } type } } when type == typeof(float) => new VectorCell<float>(),
        _ => throw new NotSupportedException(
            $"Column '{column.Name}' has type {column.Type}: a scorer writes text, Single and vectors of them."),
    };

    private abstract class Cell
    {
        public abstract void Clear();

        public abstract Delegate MakeGetter(Func<Cell> scored);
    }

    private class Cell<T>(T missing) : Cell
    {
        public T Value = default!;

        public override void Clear() => Value = missing;

        public override Delegate MakeGetter(Func<Cell> scored) => (ValueGetter<T>)((ref T value) => value = ((Cell<T>)scored()).Value);
    }

    private sealed class VectorCell<T>() : Cell<VBuffer<T>>(default)
    {
        // Keeps the memory of the row before.
        public override void Clear() => Value = VBufferEditor.Create(ref Value, 0).Commit();

        // The buffer is used again for the next row, so callers get copies.
        public override Delegate MakeGetter(Func<Cell> scored) =>
            (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => ((VectorCell<T>)scored()).Value.CopyTo(ref value));
    }
}
