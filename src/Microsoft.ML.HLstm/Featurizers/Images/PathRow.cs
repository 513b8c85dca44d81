using Microsoft.ML.Data;

namespace Microsoft.ML.HLstm.Featurizers.Images;

/// <summary>A row with one text, for transformers that are run on one path at a time.</summary>
internal sealed class PathRow : DataViewRow
{
    private string _path = "";
    private long _position = -1;

    /// <summary>Makes the row of a schema of one column.</summary>
    public PathRow(DataViewSchema schema) => Schema = schema;

    /// <inheritdoc/>
    public override DataViewSchema Schema { get; }

    /// <inheritdoc/>
    public override long Position => _position;

    /// <inheritdoc/>
    public override long Batch => 0;

    /// <summary>The schema of one column of text.</summary>
    public static DataViewSchema MakeSchema(string column)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(column, TextDataViewType.Instance);
        return builder.ToSchema();
    }

    /// <summary>Moves to another row: transformers keep what they computed for a position.</summary>
    public void Set(string path)
    {
        _path = path;
        _position++;
    }

    /// <inheritdoc/>
    public override bool IsColumnActive(DataViewSchema.Column column) => true;

    /// <inheritdoc/>
    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)_position, 0);

    /// <inheritdoc/>
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = _path.AsMemory()) is ValueGetter<TValue> getter
            ? getter
            : throw new InvalidOperationException($"Column '{column.Name}' is text, not {typeof(TValue)}.");
}
