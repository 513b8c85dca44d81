using Microsoft.ML.Data;

namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>A copy of all active values of a row that a cursor stood on.</summary>
internal sealed class BufferedRow : DataViewRow
{
    private readonly DataViewRow _source;
    private readonly ValueGetter<DataViewRowId> _idGetter;
    private readonly BufferedCell?[] _cells;
    private DataViewRowId _id;
    private long _position, _batch;

    /// <summary>Makes room for the values of a row.</summary>
    public BufferedRow(DataViewRow source)
    {
        _source = source;
        _idGetter = source.GetIdGetter();
        _cells = [.. source.Schema.Select(column => source.IsColumnActive(column) ? BufferedCell.Make(source, column) : null)];
    }

    /// <inheritdoc/>
    public override DataViewSchema Schema => _source.Schema;

    /// <inheritdoc/>
    public override long Position => _position;

    /// <inheritdoc/>
    public override long Batch => _batch;

    /// <summary>What identifies the row.</summary>
    public DataViewRowId Id => _id;

    /// <summary>Tells whether values of a type can be kept: those that nobody has to dispose of, and that are copied by assignment.</summary>
    public static bool CanBuffer(DataViewType type) => type.RawType.IsValueType && !typeof(IDisposable).IsAssignableFrom(type.RawType);

    /// <summary>Copies the values of the row that the source stands on.</summary>
    public void Take()
    {
        (_position, _batch) = (_source.Position, _source.Batch);
        _idGetter(ref _id);
        foreach (BufferedCell? cell in _cells)
            cell?.Take();
    }

    /// <summary>Bytes of the copies.</summary>
    public long Size => _cells.Sum(cell => cell?.Size ?? 0);

    /// <summary>Copies a value out; throws what reading it threw.</summary>
    public void Get<T>(int column, ref T value) => ((BufferedValue<T>)_cells[column]!).Get(ref value);

    /// <inheritdoc/>
    public override bool IsColumnActive(DataViewSchema.Column column) => _cells[column.Index] is not null;

    /// <inheritdoc/>
    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = _id;

    /// <inheritdoc/>
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        _cells[column.Index] is BufferedValue<TValue> cell
            ? cell.Get
            : throw new InvalidOperationException($"Column '{column.Name}' is not active, or its values are not of type {typeof(TValue)}.");
}
