using Microsoft.ML.Data;
using Microsoft.ML.HLstm.Tests.TestSupport;

namespace Microsoft.ML.HLstm.Tests.ModelFile;

/// <summary>Rows that are scored together come out as they would one by one, each with its own other columns.</summary>
[TestClass]
public sealed class LookAheadCursorTests
{
    private sealed record Line(string Text, float Number, int[] Several);

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(8)]
    [DataRow(9)]
    [DataRow(64)]
    [DataRow(203)]
    public void Rows_are_those_of_scoring_one_by_one(int count)
    {
        ReversingTransformer together = Make(32), single = Make(1);

        List<string> expected = RowText.Rows(single.Transform(Lines(count)));
        CollectionAssert.AreEqual(expected, RowText.Rows(together.Transform(Lines(count))));
        Assert.AreEqual(count, together.Work.Rows);

        using DataViewRowCursor cursor = One(together.Transform(Lines(count)));
        CollectionAssert.AreEqual(expected, Rest(cursor));
        Assert.AreEqual(2 * count, together.Work.Rows);
        if (count > 0)
            Assert.IsInRange(Math.Min(count, 8), Math.Max(8, Math.Min(count, 32)), together.MostTogether);
    }

    [TestMethod]
    public void Positions_and_ids_are_those_of_the_source()
    {
        IDataView source = Lines(50), scored = Make(32).Transform(source);
        // Without outputs no row is read ahead; with one, they are.
        List<(long, DataViewRowId, string)> expected = Ids(source, source.Schema["Text"]), found = Ids(scored, scored.Schema["Text"], scored.Schema["Out"]);
        CollectionAssert.AreEqual(expected, found);
        Assert.HasCount(50, expected.Select(row => row.Item2).Distinct());
    }

    [TestMethod]
    public void Other_columns_are_those_of_the_same_row()
    {
        IDataView scored = Make(32).Transform(Lines(100));
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);
        ValueGetter<float> number = cursor.GetGetter<float>(scored.Schema["Number"]), score = cursor.GetGetter<float>(scored.Schema["OutScore"]);
        ValueGetter<VBuffer<int>> several = cursor.GetGetter<VBuffer<int>>(scored.Schema["Several"]);
        ValueGetter<ReadOnlyMemory<char>> text = cursor.GetGetter<ReadOnlyMemory<char>>(scored.Schema["Text"]), reversed = cursor.GetGetter<ReadOnlyMemory<char>>(scored.Schema["Out"]);
        VBuffer<int> kept = default;
        float value = 0;
        ReadOnlyMemory<char> forwards = default, backwards = default;
        var vectors = new List<VBuffer<int>>();
        for (int i = 0; cursor.MoveNext(); i++)
        {
            // Some rows' outputs are asked for first, some rows' last, some not at all.
            if (i % 3 == 0)
                score(ref value);
            number(ref value);
            Assert.AreEqual(i, value);
            several(ref kept);
            CollectionAssert.AreEqual(new[] { i, -i }, kept.DenseValues().ToArray());
            VBuffer<int> own = default;
            several(ref own);
            vectors.Add(own);
            text(ref forwards);
            if (i % 3 == 1)
            {
                reversed(ref backwards);
                Assert.AreEqual(string.Concat(forwards.ToString().Reverse()), backwards.ToString());
            }
        }

        Assert.HasCount(100, vectors);
        for (int i = 0; i < vectors.Count; i++)
            Assert.AreEqual(i, vectors[i].GetItemOrDefault(0), "A vector that was handed out has changed.");
    }

    [TestMethod]
    public void Only_columns_that_are_wanted_are_active()
    {
        IDataView scored = Make(32).Transform(Lines(20));
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema["OutScore"]);
        Assert.IsTrue(cursor.IsColumnActive(scored.Schema["OutScore"]));
        Assert.IsFalse(cursor.IsColumnActive(scored.Schema["Number"]));
        Assert.IsFalse(cursor.IsColumnActive(scored.Schema["Out"]));
        Assert.Throws<Exception>(() => cursor.GetGetter<float>(scored.Schema["Number"]));
    }

    [TestMethod]
    public void Cursors_that_run_at_once_do_not_disturb_each_other()
    {
        IDataView scored = Make(32).Transform(Lines(100));
        List<string> expected = RowText.Rows(Make(1).Transform(Lines(100)));
        DataViewRowCursor[] cursors = [.. Enumerable.Range(0, 3).Select(_ => One(scored))];
        Func<string>[] rows = [.. cursors.Select(RowText.Row)];
        var found = new List<string>[] { [], [], [] };
        // In turns, the second two steps at a time, the third given up in the middle of a window.
        for (bool moved = true; moved;)
        {
            moved = false;
            for (int i = 0; i < cursors.Length; i++)
            {
                for (int step = 0; step < (i == 1 ? 2 : 1) && (i < 2 || found[i].Count < 45); step++)
                {
                    if (!cursors[i].MoveNext())
                        continue;
                    moved = true;
                    found[i].Add(rows[i]());
                }
            }

            if (found[2].Count == 45)
                cursors[2].Dispose();
        }

        CollectionAssert.AreEqual(expected, found[0]);
        CollectionAssert.AreEqual(expected, found[1]);
        CollectionAssert.AreEqual(expected[..45], found[2]);
        Array.ForEach(cursors, cursor => cursor.Dispose());
    }

    [TestMethod]
    public void The_first_rows_cost_no_large_window()
    {
        ReversingTransformer transformer = Make(128);
        IDataView scored = transformer.Transform(Lines(1000));
        using (DataViewRowCursor cursor = One(scored))
        {
            Func<string> row = RowText.Row(cursor);
            cursor.MoveNext();
            row();
        }

        Assert.AreEqual(8, transformer.Work.Rows);
    }

    [TestMethod]
    public void Windows_of_long_rows_have_fewer()
    {
        ReversingTransformer transformer = Make(32);
        IDataView scored = transformer.Transform(_ml.Data.LoadFromEnumerable(Enumerable.Range(0, 12).Select(i => new Line(Text(i), i, new int[(5 << 20) + i]))));
        using DataViewRowCursor cursor = One(scored);
        ValueGetter<ReadOnlyMemory<char>> reversed = cursor.GetGetter<ReadOnlyMemory<char>>(scored.Schema["Out"]);
        ReadOnlyMemory<char> value = default;
        for (int i = 0; cursor.MoveNext(); i++)
        {
            reversed(ref value);
            Assert.AreEqual(string.Concat(Text(i).Reverse()), value.ToString());
        }

        // 20 MiB each.
        Assert.AreEqual((12, 4), (transformer.Work.Rows, transformer.MostTogether));
    }

    [TestMethod]
    public void A_row_that_cannot_be_scored_fails_alone()
    {
        IDataView scored = Make(32).Transform(Lines(60, bad: 21));
        using DataViewRowCursor cursor = One(scored);
        ValueGetter<ReadOnlyMemory<char>> text = cursor.GetGetter<ReadOnlyMemory<char>>(scored.Schema["Out"]);
        ValueGetter<float> number = cursor.GetGetter<float>(scored.Schema["Number"]);
        var failed = new List<float>();
        int count = 0;
        for (; cursor.MoveNext(); count++)
        {
            ReadOnlyMemory<char> value = default;
            float at = 0;
            number(ref at);
            try
            {
                text(ref value);
                Assert.AreEqual(string.Concat(Text((int)at).Reverse()), value.ToString());
            }
            catch (Exception error) when (error.ToString().Contains("cannot be scored", StringComparison.Ordinal))
            {
                failed.Add(at);
            }
        }

        Assert.AreEqual(60, count);
        CollectionAssert.AreEqual(new[] { 21f }, failed);
    }

    [TestMethod]
    public void An_error_of_the_source_comes_after_the_rows_before_it()
    {
        IEnumerable<Line> Failing()
        {
            for (int i = 0; ; i++)
                yield return i == 29 ? throw new IOException("The source broke.") : new Line(Text(i), i, [i]);
        }

        IDataView scored = Make(16).Transform(_ml.Data.LoadFromEnumerable(Failing()));
        using DataViewRowCursor cursor = One(scored);
        Func<string> row = RowText.Row(cursor);
        var found = new List<string>();
        Exception error = Assert.Throws<Exception>(() =>
        {
            while (cursor.MoveNext())
                found.Add(row());
        });
        StringAssert.Contains(error.ToString(), "The source broke.");
        CollectionAssert.AreEqual(RowText.Rows(Make(1).Transform(Lines(29, one: true))), found);
    }

    /// <summary>One cursor over all columns, where ML.NET would make one for each core.</summary>
    private static DataViewRowCursor One(IDataView data) => data.GetRowCursorSet(data.Schema, 1).Single();

    private static List<string> Rest(DataViewRowCursor cursor)
    {
        Func<string> row = RowText.Row(cursor);
        List<string> rows = [];
        while (cursor.MoveNext())
            rows.Add(row());
        return rows;
    }

    private static string Text(int i) => i % 10 == 9 ? "" : $"row {i}" + new string('x', i % 7);

    private static List<(long, DataViewRowId, string)> Ids(IDataView data, params DataViewSchema.Column[] columns)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(columns);
        ValueGetter<DataViewRowId> getId = cursor.GetIdGetter();
        ValueGetter<ReadOnlyMemory<char>> getText = cursor.GetGetter<ReadOnlyMemory<char>>(columns[0]);
        var rows = new List<(long, DataViewRowId, string)>();
        while (cursor.MoveNext())
        {
            DataViewRowId id = default;
            ReadOnlyMemory<char> text = default;
            getId(ref id);
            getText(ref text);
            rows.Add((cursor.Position, id, text.ToString()));
        }

        return rows;
    }

    private ReversingTransformer Make(int together) => new(_ml, "Out", "Text", [0.5f, 0.25f, 3]) { RowsTogether = together };

    private IDataView Lines(int count, int bad = -1, bool one = false) => _ml.Data.LoadFromEnumerable(
        Enumerable.Range(0, count).Select(i => new Line(i == bad ? ReversingTransformer.Impossible : Text(i), i, one ? [i] : [i, -i])).ToArray());
}
