using System.Globalization;
using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML.HLstm.Tests.TestSupport;

/// <summary>Writes rows and schemas as text, so that values of any type can be compared.</summary>
internal static class RowText
{
    /// <summary>All visible columns of all rows, in the order of a cursor.</summary>
    public static List<string> Rows(IDataView data)
    {
        List<string> rows = [];
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        Func<string> row = Row(cursor);
        while (cursor.MoveNext())
            rows.Add(row());
        return rows;
    }

    /// <summary>Rows are equal, but for the rounding of numbers: how many rows are scored together changes the order of sums.</summary>
    public static void AssertEqual(List<string> expected, List<string> actual, string message)
    {
        Assert.HasCount(expected.Count, actual, message);
        for (int row = 0; row < expected.Count; row++)
        {
            string[] left = Words(expected[row]), right = Words(actual[row]);
            Assert.HasCount(left.Length, right, $"{message} Row {row}: '{expected[row]}', '{actual[row]}'.");
            for (int i = 0; i < left.Length; i++)
            {
                if (left[i] != right[i])
                    Assert.AreEqual(Number(left[i]), Number(right[i]), 1e-5 * (1 + Math.Abs(Number(left[i]))), $"{message} Row {row}: '{expected[row]}', '{actual[row]}'.");
            }
        }
    }

    /// <summary>All visible columns of the row that a cursor stands on.</summary>
    public static Func<string> Row(DataViewRow row)
    {
        Func<string>[] columns = [.. row.Schema.Where(column => !column.IsHidden).Select(column => Value(row, column))];
        return () => string.Join("; ", columns.Select(column => column()));
    }

    /// <summary>Names, types and annotations of the visible columns, sorted by name.</summary>
    public static List<string> Schema(DataViewSchema schema) => [.. schema
        .Where(column => !column.IsHidden).OrderBy(column => column.Name, StringComparer.Ordinal)
        .Select(column => $"{column.Name}: {column.Type} {{{string.Join(", ", Annotations(column.Annotations))}}}")];

    /// <summary>Names, kinds, item types and annotations, sorted by name: what is known before training.</summary>
    public static List<string> Shape(SchemaShape shape) => [.. shape
        .OrderBy(column => column.Name, StringComparer.Ordinal)
        .Select(column => $"{column.Name}: {column.Kind} {column.ItemType}{(column.IsKey ? " key" : "")} {{{string.Join(", ", Shape(column.Annotations))}}}")];

    private static string[] Words(string row) => row.Split(' ', ';', '[', ']');

    private static double Number(string word) => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN;

    private static IEnumerable<string> Annotations(DataViewSchema.Annotations annotations) => annotations.Schema
        .OrderBy(column => column.Name, StringComparer.Ordinal)
        .Select(column => $"{column.Name}: {column.Type} = {Make(nameof(Annotation), column.Type.RawType, annotations, column.Name)()}");

    private static Func<string> Value(DataViewRow row, DataViewSchema.Column column) =>
        Make(nameof(Cell), column.Type.RawType, row, column);

    private static Func<string> Make(string method, Type type, params object[] arguments)
    {
        bool vector = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>);
        return (Func<string>)typeof(RowText).GetMethod(method + (vector ? "Vector" : ""), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(vector ? type.GetGenericArguments()[0] : type).Invoke(null, arguments)!;
    }

    private static Func<string> Cell<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return Write(value);
        };
    }

    private static Func<string> CellVector<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> value = default;
        return () =>
        {
            getter(ref value);
            return Write(value);
        };
    }

    private static Func<string> Annotation<T>(DataViewSchema.Annotations annotations, string kind) => () =>
    {
        T value = default!;
        annotations.GetValue(kind, ref value);
        return Write(value);
    };

    private static Func<string> AnnotationVector<T>(DataViewSchema.Annotations annotations, string kind) => () =>
    {
        VBuffer<T> value = default;
        annotations.GetValue(kind, ref value);
        return Write(value);
    };

    private static string Write<T>(VBuffer<T> value) => $"[{string.Join(" ", value.DenseValues().Select(Write))}]";

    private static string Write<T>(T value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
