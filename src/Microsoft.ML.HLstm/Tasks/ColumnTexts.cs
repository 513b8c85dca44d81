using Microsoft.ML.Data;

namespace Microsoft.ML.HLstm.Tasks;

/// <summary>Reads columns of text, or of vectors of text, row by row.</summary>
internal static class ColumnTexts
{
    /// <summary>Whether a column holds one text or several in each row.</summary>
    public static bool IsText(DataViewSchema.Column column) =>
        column.Type is TextDataViewType or VectorDataViewType { ItemType: TextDataViewType };

    /// <summary>A function that gives the texts of the row on which the cursor stands; the column is active.</summary>
    public static Func<string[]> Reader(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        if (column.Type is VectorDataViewType)
        {
            ValueGetter<VBuffer<ReadOnlyMemory<char>>> getVector = cursor.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
            VBuffer<ReadOnlyMemory<char>> texts = default;
            return () =>
            {
                getVector(ref texts);
                return [.. texts.DenseValues().Select(text => text.ToString())];
            };
        }

        ValueGetter<ReadOnlyMemory<char>> getText = cursor.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> text = default;
        return () =>
        {
            getText(ref text);
            return [text.ToString()];
        };
    }
}
