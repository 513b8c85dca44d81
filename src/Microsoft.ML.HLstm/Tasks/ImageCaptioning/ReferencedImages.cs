using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>Reads images with their reference captions from rows.</summary>
internal static class ReferencedImages
{
    /// <summary>
    /// The images in the order of their first rows. Rows with the same text in the column of images are one image, with all their
    /// references and the first of their predictions; without such a column every row is an image.
    /// </summary>
    /// <exception cref="InvalidOperationException">An image has no references.</exception>
    public static (IReadOnlyList<ReferencedImage> Images, long Rows) Read(IHost host, IDataView data, string dataName, string labelName, string? imageName, string? predictedName)
    {
        DataViewSchema.Column label = Find(host, data, dataName, "label", labelName);
        DataViewSchema.Column? image = imageName is null ? null : Find(host, data, dataName, "image", imageName);
        DataViewSchema.Column? predicted = predictedName is null ? null : data.Schema[predictedName];
        if (image is { Type: VectorDataViewType } several)
            throw host.ExceptSchemaMismatch(dataName, "image", several.Name, "text", several.Type.ToString()!);

        var images = new List<ReferencedImage>();
        var byName = new Dictionary<string, ReferencedImage>(StringComparer.Ordinal);
        long rows = 0;
        using DataViewRowCursor cursor = data.GetRowCursor([.. new[] { label, image, predicted }.OfType<DataViewSchema.Column>()]);
        Func<string[]> getReferences = ColumnTexts.Reader(cursor, label);
        Func<string[]>? getImage = image is null ? null : ColumnTexts.Reader(cursor, image.Value);
        Func<string[]>? getPrediction = predicted is null ? null : ColumnTexts.Reader(cursor, predicted.Value);
        while (cursor.MoveNext())
        {
            // Training leaves out what has no word, too.
            string[] references = [.. getReferences().Where(reference => CaptionText.Normalize(reference, lowerCase: false).Length > 0)];
            string name = getImage is null ? "" : getImage()[0];
            if (references.Length == 0)
                throw host.Except($"Row {rows} has no reference caption in column '{label.Name}'; it needs at least one.");
            if (getImage is null || !byName.TryGetValue(name, out ReferencedImage? known))
            {
                known = new ReferencedImage(getPrediction?.Invoke()[0], []);
                images.Add(known);
                byName[name] = known;
            }

            known.References.AddRange(references);
            rows++;
        }

        return (images, rows);
    }

    private static DataViewSchema.Column Find(IHost host, IDataView data, string dataName, string role, string name)
    {
        DataViewSchema.Column column = data.Schema.GetColumnOrNull(name) ?? throw host.ExceptSchemaMismatch(dataName, role, name);
        return ColumnTexts.IsText(column) ? column : throw host.ExceptSchemaMismatch(dataName, role, name, "text or vector of text", column.Type.ToString()!);
    }
}
