using Microsoft.ML.Data;

namespace Microsoft.ML.HLstm.Tests.TestSupport;

/// <summary>What ML.NET expects of every estimator and of what it fits, in the manner of its own TestEstimatorCore.</summary>
internal static class EstimatorContract
{
    /// <summary>Checks an estimator on data that it accepts and on data that it must refuse.</summary>
    public static void Check<TTransformer>(
        MLContext ml, IEstimator<TTransformer> estimator, IDataView valid, params IReadOnlyList<IDataView> invalid)
        where TTransformer : class, ITransformer
    {
        TTransformer transformer = estimator.Fit(valid);
        DataViewSchema promised = transformer.GetOutputSchema(valid.Schema);
        CollectionAssert.AreEqual(
            RowText.Shape(SchemaShape.Create(promised)), RowText.Shape(estimator.GetOutputSchema(SchemaShape.Create(valid.Schema))),
            "The estimator's GetOutputSchema and the transformer's differ.");

        IDataView transformed = transformer.Transform(valid);
        SameSchema(promised, transformed.Schema, "Transform's schema");
        List<string> rows = RowText.Rows(transformed);
        Assert.IsNotEmpty(rows, "The valid data has no rows, so nothing would be compared.");

        SavesAndLoads(ml, transformer, valid, promised, rows);
        MapsRows(transformer, valid, promised, rows);
        ServesManyCursors(transformed, rows);
        foreach (IDataView data in invalid)
            Refuses(estimator, transformer, data);
    }

    private static void SavesAndLoads(MLContext ml, ITransformer transformer, IDataView valid, DataViewSchema promised, List<string> rows)
    {
        using MemoryStream file = new();
        ml.Model.Save(transformer, valid.Schema, file);
        file.Position = 0;
        ITransformer loaded = new MLContext(seed: 7).Model.Load(file, out DataViewSchema inputs);
        SameSchema(valid.Schema, inputs, "The saved input schema");
        IDataView transformed = loaded.Transform(valid);
        SameSchema(promised, transformed.Schema, "The loaded model's schema");
        CollectionAssert.AreEqual(rows, RowText.Rows(transformed), "The loaded model computes other values.");
    }

    private static void MapsRows(ITransformer transformer, IDataView valid, DataViewSchema promised, List<string> rows)
    {
        if (!transformer.IsRowToRowMapper)
            return;
        IRowToRowMapper mapper = transformer.GetRowToRowMapper(valid.Schema);
        SameSchema(promised, mapper.OutputSchema, "The row mapper's schema");
        DataViewSchema.Column[] wanted = [.. mapper.OutputSchema.Where(column => !column.IsHidden)];
        using DataViewRowCursor cursor = valid.GetRowCursor(mapper.GetDependencies(wanted));
        using DataViewRow row = mapper.GetRow(cursor, wanted);
        Func<string> text = RowText.Row(row);
        List<string> mapped = [];
        while (cursor.MoveNext())
            mapped.Add(text());
        RowText.AssertEqual(rows, mapped, "The row mapper computes other values.");
    }

    private static void ServesManyCursors(IDataView transformed, List<string> rows)
    {
        Task<List<string>>[] readers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => RowText.Rows(transformed)))];
        foreach (Task<List<string>> reader in readers)
            RowText.AssertEqual(rows, reader.Result, "Cursors that run at the same time compute other values.");

        DataViewRowCursor[] set = transformed.GetRowCursorSet(transformed.Schema, 4);
        List<string> together = [];
        foreach (DataViewRowCursor cursor in set)
        {
            Func<string> text = RowText.Row(cursor);
            while (cursor.MoveNext())
                together.Add(text());
            cursor.Dispose();
        }
        // A set of cursors shares the rows out in any order.
        RowText.AssertEqual([.. rows.Order(StringComparer.Ordinal)], [.. together.Order(StringComparer.Ordinal)], "A set of cursors computes other values.");
    }

    private static void Refuses<TTransformer>(IEstimator<TTransformer> estimator, ITransformer transformer, IDataView data)
        where TTransformer : ITransformer
    {
        string columns = string.Join(", ", RowText.Schema(data.Schema));
        void Refused(string what, Action action) =>
            Assert.Throws<ArgumentOutOfRangeException>(action, $"{what} accepts columns that do not fit: {columns}");

        Refused("The estimator's GetOutputSchema", () => estimator.GetOutputSchema(SchemaShape.Create(data.Schema)));
        Refused("Fit", () => estimator.Fit(data));
        Refused("The transformer's GetOutputSchema", () => transformer.GetOutputSchema(data.Schema));
        Refused("Transform", () => transformer.Transform(data));
        if (transformer.IsRowToRowMapper)
            Refused("GetRowToRowMapper", () => transformer.GetRowToRowMapper(data.Schema));
    }

    private static void SameSchema(DataViewSchema expected, DataViewSchema actual, string what) =>
        CollectionAssert.AreEqual(RowText.Schema(expected), RowText.Schema(actual), what + " differs.");
}
