using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.Tasks;

/// <summary>The columns of scored data that an evaluator reads.</summary>
internal static class ScoredColumns
{
    /// <summary>The annotation of a predicted column with the name of the column that its model was trained on.</summary>
    public const string LabelAnnotation = "LabelColumnName";

    /// <summary>The column with predicted text.</summary>
    public static DataViewSchema.Column Predicted(IHost host, IDataView data, string name)
    {
        DataViewSchema.Column predicted = Find(host, data, "predicted", name);
        return predicted.Type is TextDataViewType
            ? predicted
            : throw host.ExceptSchemaMismatch(nameof(data), "predicted", predicted.Name, "text", predicted.Type.ToString()!);
    }

    /// <summary>The column with references: the one named, else the one that the model was trained on, else Label.</summary>
    public static DataViewSchema.Column Label(IHost host, IDataView data, DataViewSchema.Column predicted, string? name) =>
        Find(host, data, "label", name ?? TrainedLabel(predicted) ?? "Label");

    private static DataViewSchema.Column Find(IHost host, IDataView data, string role, string name) =>
        data.Schema.GetColumnOrNull(name) ?? throw host.ExceptSchemaMismatch(nameof(data), role, name);

    private static string? TrainedLabel(DataViewSchema.Column predicted)
    {
        if (predicted.Annotations.Schema.GetColumnOrNull(LabelAnnotation) is null)
            return null;
        ReadOnlyMemory<char> name = default;
        predicted.Annotations.GetValue(LabelAnnotation, ref name);
        return name.ToString();
    }
}
