using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>A column that a transformer reads, found by its name in whatever schema it meets.</summary>
/// <param name="Role">What the column is to the transformer ("source", "feature"), for errors.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type; a vector type of unknown size accepts vectors of every size.</param>
internal sealed record InputColumn(string Role, string Name, DataViewType Type)
{
    /// <summary>What is wrong with a column beside its type (an annotation that is missing, say), or null.</summary>
    public Func<DataViewSchema.Column, string?>? Check { get; init; }

    private DataViewType ItemType => (Type as VectorDataViewType)?.ItemType ?? Type;

    /// <summary>Finds the column in a schema of data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not there or not of the type: ML.NET's schema mismatch.</exception>
    public DataViewSchema.Column Find(IExceptionContext context, DataViewSchema schema)
    {
        if (schema.GetColumnOrNull(Name) is not { } column)
            throw context.ExceptSchemaMismatch(nameof(schema), Role, Name);
        bool accepted = Type is VectorDataViewType { IsKnownSize: false }
            ? column.Type is VectorDataViewType vector && vector.ItemType.Equals(ItemType)
            : column.Type.Equals(Type);
        if (!accepted)
            throw context.ExceptSchemaMismatch(nameof(schema), Role, Name, Describe(Type), Describe(column.Type));
        if (Check?.Invoke(column) is { } wrong)
            throw context.ExceptSchemaMismatch(nameof(schema), Role, Name, Describe(Type), wrong);
        return column;
    }

    /// <summary>Checks the column in the shape of a schema, which is all that is known before training.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not there or not of the type: ML.NET's schema mismatch.</exception>
    public void Find(IExceptionContext context, SchemaShape schema)
    {
        if (!schema.TryFindColumn(Name, out SchemaShape.Column column))
            throw context.ExceptSchemaMismatch(nameof(schema), Role, Name);
        bool accepted = !column.IsKey && column.ItemType.Equals(ItemType) && Type switch
        {
            VectorDataViewType { IsKnownSize: false } => column.Kind != SchemaShape.Column.VectorKind.Scalar,
            VectorDataViewType => column.Kind == SchemaShape.Column.VectorKind.Vector,
            _ => column.Kind == SchemaShape.Column.VectorKind.Scalar,
        };
        if (!accepted)
            throw context.ExceptSchemaMismatch(nameof(schema), Role, Name, Describe(Type), column.GetTypeString());
    }

    private static string Describe(DataViewType type) =>
        type is VectorDataViewType { IsKnownSize: false } vector ? $"Vector<{vector.ItemType}>" : type.ToString()!;
}
