using Microsoft.ML.Data;

namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>Reads the whole numbers that go with a column (<see cref="OutputColumn.Numbers"/>).</summary>
internal static class ColumnNumbers
{
    /// <summary>The number of a kind, or null where the column has none.</summary>
    public static int? Find(DataViewSchema.Column column, string kind)
    {
        if (column.Annotations.Schema.GetColumnOrNull(kind) is not { } annotation || !annotation.Type.Equals(NumberDataViewType.Int32))
            return null;
        int number = 0;
        column.Annotations.GetValue(kind, ref number);
        return number;
    }
}
