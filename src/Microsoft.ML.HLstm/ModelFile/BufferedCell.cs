using Microsoft.ML.Data;

namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>A copy of one value of a row.</summary>
internal abstract class BufferedCell
{
    /// <summary>Makes the cell of a column.</summary>
    public static BufferedCell Make(DataViewRow source, DataViewSchema.Column column)
    {
        Type type = column.Type.RawType;
        Type cell = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>)
            ? typeof(BufferedVector<>).MakeGenericType(type.GetGenericArguments())
            : typeof(BufferedValue<>).MakeGenericType(type);
        return (BufferedCell)Activator.CreateInstance(cell, source, column)!;
    }

    /// <summary>Copies the value of the row that the source stands on.</summary>
    public abstract void Take();

    /// <summary>Bytes of the copy, without those that other objects hold.</summary>
    public abstract long Size { get; }
}
