using Microsoft.ML.Data;
using Microsoft.ML.HLstm.Tasks;

namespace Microsoft.ML.HLstm.Experiments;

/// <summary>Counts what a training would have as rows.</summary>
internal static class TrainingRows
{
    /// <summary>The rows; of one with several labels, as captions may have them, as many.</summary>
    public static int Count(IDataView data, string labelColumnName)
    {
        if (data.Schema.GetColumnOrNull(labelColumnName) is { Type: VectorDataViewType } label && ColumnTexts.IsText(label))
            return data.GetColumn<ReadOnlyMemory<char>[]>(label).Sum(texts => texts.Count(text => !text.Span.IsWhiteSpace()));
        return Count(data);
    }

    /// <summary>The rows of any data.</summary>
    public static int Count(IDataView data)
    {
        if (data.GetRowCount() is { } known)
            return (int)Math.Min(int.MaxValue, known);
        using DataViewRowCursor cursor = data.GetRowCursor([]);
        int rows = 0;
        while (cursor.MoveNext())
            rows++;
        return rows;
    }
}
