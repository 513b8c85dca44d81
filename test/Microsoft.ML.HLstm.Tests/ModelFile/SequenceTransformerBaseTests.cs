using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.HLstm.Tests.TestSupport;

namespace Microsoft.ML.HLstm.Tests.ModelFile;

[TestClass]
public sealed class SequenceTransformerBaseTests
{
    private sealed record Line(string Text, float Number);

    private sealed record OtherName(string Sentence);

    private sealed record OtherType(float Text);

    private sealed record OtherKind(string[] Text);

    private sealed class Result
    {
        public string Backwards { get; set; } = "";

        public float BackwardsScore { get; set; }

        public float[] Both { get; set; } = [];
    }

    private readonly MLContext _ml = new(seed: 1);

    private IDataView Lines => _ml.Data.LoadFromEnumerable<Line>([new("Abc", 1), new("", 2), new("ÄÖ x", 3), new("no", 4)]);

    [TestMethod]
    public void Transformer_KeepsTheContractOfEstimators() => EstimatorContract.Check(
        _ml, new ReversingEstimator(_ml, "Backwards", "Text"), Lines,
        _ml.Data.LoadFromEnumerable<OtherName>([new("x")]),
        _ml.Data.LoadFromEnumerable<OtherType>([new(1)]),
        _ml.Data.LoadFromEnumerable<OtherKind>([new(["x"])]));

    [TestMethod]
    public void Transform_WritesEveryTypeOfColumn()
    {
        IDataView scored = new ReversingEstimator(_ml, "Out", "Text").Fit(Lines).Transform(Lines);

        Assert.AreEqual("Abc; 1; cbA; 6.5; [c b A]; [99 98 65]", RowText.Rows(scored)[0]);
        Assert.AreEqual("; 2; ; NaN; []; []", RowText.Rows(scored)[1]);
        ReadOnlyMemory<char> direction = default;
        scored.Schema["Out"].Annotations.GetValue("Direction", ref direction);
        Assert.AreEqual("backwards", direction.ToString());
    }

    [TestMethod]
    public void SchemaMismatch_NamesRoleColumnAndTypes()
    {
        ReversingTransformer transformer = new(_ml, "Out", "Text", [1]);

        ArgumentOutOfRangeException type = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => transformer.Transform(_ml.Data.LoadFromEnumerable<OtherType>([new(1)])));
        ArgumentOutOfRangeException name = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => transformer.Transform(_ml.Data.LoadFromEnumerable<OtherName>([new("x")])));
        StringAssert.Contains(type.Message, "source column 'Text': expected String, got Single");
        StringAssert.Contains(name.Message, "Could not find source column 'Text'");
    }

    [TestMethod]
    public void Cursor_ScoresARowOnceForAllItsColumns()
    {
        ReversingTransformer transformer = new(_ml, "Out", "Text", [1]);
        IDataView scored = transformer.Transform(Lines);

        RowText.Rows(scored);
        RowText.Rows(scored);

        // Not the number of scorers: ML.NET reads with several cursors at once where there are several cores.
        Assert.AreEqual(8, transformer.Work.Rows);
    }

    [TestMethod]
    public void Cursor_ScoresNothingThatNobodyWants()
    {
        ReversingTransformer transformer = new(_ml, "Out", "Text", [1]);
        IDataView scored = transformer.Transform(Lines);

        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema["Text"]);
        while (cursor.MoveNext())
            cursor.GetGetter<ReadOnlyMemory<char>>(scored.Schema["Text"]);

        Assert.AreEqual((0, 0), transformer.Work);
        Assert.IsFalse(cursor.IsColumnActive(scored.Schema["Out"]));
    }

    [TestMethod]
    public void Outputs_OfOneNameAreRefused() =>
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => ReversingTransformer.MakeColumns("in", "a", "b", "a", "c")).Message, "'a'");

    [TestMethod]
    public void Model_IsLoadedByAProcessThatKnowsNothing()
    {
        string path = Path.GetTempFileName();
        try
        {
            ITransformer model = _ml.Transforms.Text.NormalizeText("Text")
                .Append(new ReversingEstimator(_ml, "Backwards", "Text"))
                .Append(_ml.Transforms.DropColumns("BackwardsLetters", "Text"))
                .Append(_ml.Transforms.Concatenate("Both", "BackwardsScore", "Number")).Fit(Lines);
            _ml.Model.Save(model, Lines.Schema, path);

            Assert.AreEqual("cba -> 3.75 [3.75 5]; 21 -> 3.25 [3.25 6]; ", FreshProcess.Run(PredictFrom, path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string PredictFrom(string[] arguments)
    {
        MLContext ml = new();
        ITransformer model = ml.Model.Load(arguments[0], out _);
        using PredictionEngine<Line, Result> engine = ml.Model.CreatePredictionEngine<Line, Result>(model);
        string text = "";
        foreach (Line line in (Line[])[new("ABC", 5), new("12", 6)])
        {
            Result result = engine.Predict(line);
            text += string.Create(CultureInfo.InvariantCulture,
                $"{result.Backwards} -> {result.BackwardsScore} [{string.Join(" ", result.Both)}]; ");
        }
        return text;
    }
}
