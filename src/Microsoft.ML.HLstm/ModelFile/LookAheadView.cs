using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>Data whose cursors can look some rows ahead; in every other respect the data that it is made of.</summary>
internal sealed class LookAheadView(IHost host, IDataView source) : IDataView
{
    /// <inheritdoc/>
    public DataViewSchema Schema => source.Schema;

    /// <inheritdoc/>
    public bool CanShuffle => source.CanShuffle;

    /// <inheritdoc/>
    public long? GetRowCount() => source.GetRowCount();

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new LookAheadCursor(source.GetRowCursor(columnsNeeded, rand));

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        DataViewRowCursor[] cursors = source.GetRowCursorSet(columnsNeeded, n, rand);
        // ML.NET would split a single cursor above this view, where rows can no longer be looked at ahead.
        if (cursors.Length == 1 && n > 1)
            cursors = DataViewUtils.CreateSplitCursors(host, cursors[0], n);
        return [.. cursors.Select(cursor => new LookAheadCursor(cursor))];
    }
}
