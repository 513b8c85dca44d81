using System.Collections.ObjectModel;
using Microsoft.ML.Data;

namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>A column that a transformer writes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Text, Single, or a vector of unknown size of one of them.</param>
/// <param name="Annotations">Texts that go with the column, by kind; null for none.</param>
internal sealed record OutputColumn(string Name, DataViewType Type, IReadOnlyDictionary<string, string>? Annotations = null)
{
    /// <summary>Whole numbers that go with the column, by kind; null for none.</summary>
    public IReadOnlyDictionary<string, int>? Numbers { get; init; }

    /// <summary>The column as it stands in a schema of data.</summary>
    public DataViewSchema.DetachedColumn ToDetachedColumn()
    {
        if (Annotations is null && Numbers is null)
            return new DataViewSchema.DetachedColumn(Name, Type);
        DataViewSchema.Annotations.Builder annotations = new();
        foreach ((string kind, int value) in Numbers ?? ReadOnlyDictionary<string, int>.Empty)
            annotations.Add(kind, NumberDataViewType.Int32, (ref int number) => number = value);
        foreach ((string kind, string value) in Annotations ?? ReadOnlyDictionary<string, string>.Empty)
        {
            annotations.Add(kind, TextDataViewType.Instance,
                (ref ReadOnlyMemory<char> text) => text = value.AsMemory());
        }
        return new DataViewSchema.DetachedColumn(Name, Type, annotations.ToAnnotations());
    }

    /// <summary>The column as it stands in the shape of a schema.</summary>
    public SchemaShape.Column ToShape()
    {
        static SchemaShape.Column Scalar(string kind, DataViewType type) =>
            new(kind, SchemaShape.Column.VectorKind.Scalar, type, isKey: false);
        SchemaShape annotations = new([
            .. (Numbers?.Keys ?? []).Select(kind => Scalar(kind, NumberDataViewType.Int32)),
            .. (Annotations?.Keys ?? []).Select(kind => Scalar(kind, TextDataViewType.Instance))]);
        SchemaShape.GetColumnTypeShape(Type, out SchemaShape.Column.VectorKind kind, out DataViewType item, out bool isKey);
        return new SchemaShape.Column(Name, kind, item, isKey, annotations);
    }
}
