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

    /// <summary>Other types that the column may have instead.</summary>
    public IReadOnlyList<DataViewType> Alternatives { get; init; } = [];

    /// <summary>The kind of a whole number that must go with the column, and where it comes from, for errors; null for none.</summary>
    public (string Kind, string Source)? Annotation { get; init; }

    private IEnumerable<DataViewType> Types => Alternatives.Prepend(Type);

    private string Expected => string.Join(" or ", Types.Select(Describe));

    /// <summary>Finds the column in a schema of data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not there or not of the type: ML.NET's schema mismatch.</exception>
    public DataViewSchema.Column Find(IExceptionContext context, DataViewSchema schema)
    {
        if (schema.GetColumnOrNull(Name) is not { } column)
            throw context.ExceptSchemaMismatch(nameof(schema), Role, Name);
        if (!Types.Any(type => Accepts(type, column.Type)))
            throw context.ExceptSchemaMismatch(nameof(schema), Role, Name, Expected, Describe(column.Type));
        if (Annotation is { } needed && ColumnNumbers.Find(column, needed.Kind) is null)
            throw Lacks(context, Describe(column.Type));
        if (Check?.Invoke(column) is { } wrong)
            throw context.ExceptSchemaMismatch(nameof(schema), Role, Name, Expected, wrong);
        return column;
    }

    /// <summary>Checks the column in the shape of a schema, which is all that is known before training.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not there or not of the type: ML.NET's schema mismatch.</exception>
    public void Find(IExceptionContext context, SchemaShape schema)
    {
        if (!schema.TryFindColumn(Name, out SchemaShape.Column column))
            throw context.ExceptSchemaMismatch(nameof(schema), Role, Name);
        if (!Types.Any(type => Accepts(type, column)))
            throw context.ExceptSchemaMismatch(nameof(schema), Role, Name, Expected, column.GetTypeString());
        if (Annotation is { } needed && !column.Annotations.TryFindColumn(needed.Kind, out _))
            throw Lacks(context, column.GetTypeString());
    }

    private Exception Lacks(IExceptionContext context, string found) => context.ExceptSchemaMismatch(
        "schema", Role, Name, $"{Expected} with the annotation '{Annotation!.Value.Kind}' ({Annotation.Value.Source})", $"{found} without it");

    private static bool Accepts(DataViewType type, DataViewType found) => type is VectorDataViewType { IsKnownSize: false } wanted
        ? found is VectorDataViewType vector && vector.ItemType.Equals(wanted.ItemType)
        : found.Equals(type);

    private static bool Accepts(DataViewType type, SchemaShape.Column found) => !found.IsKey && type switch
    {
        VectorDataViewType { IsKnownSize: false, ItemType: var item } => found.Kind != SchemaShape.Column.VectorKind.Scalar && found.ItemType.Equals(item),
        VectorDataViewType { ItemType: var item } => found.Kind == SchemaShape.Column.VectorKind.Vector && found.ItemType.Equals(item),
        _ => found.Kind == SchemaShape.Column.VectorKind.Scalar && found.ItemType.Equals(type),
    };

    private static string Describe(DataViewType type) =>
        type is VectorDataViewType { IsKnownSize: false } vector ? $"Vector<{vector.ItemType}>" : type.ToString()!;
}
