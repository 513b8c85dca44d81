namespace Microsoft.ML.HLstm.Tests.Tasks.ImageCaptioning;

[TestClass]
public sealed class ImageCaptioningEvaluatorTests
{
    private static readonly MLContext _mlContext = new(1);

    private static readonly Row[] _rows =
    [
        new("1", "a dog runs in the park", "a dog is running in the park"),
        new("2", "two children play with a red ball", "two kids play with a ball"),
        new("1", "not scored", "the dog runs across the park"),
        new("2", "not scored", "children are playing with a red ball outside"),
        new("3", "a man sits", "a man is sitting on a bench"),
        new("3", "not scored", "a man sits"),
    ];

    [TestMethod]
    public void Rows_of_an_image_are_scored_as_one_row_with_all_its_references()
    {
        ImageCaptioningMetrics pooled = _mlContext.ImageCaptioning.Evaluate(_mlContext.Data.LoadFromEnumerable(_rows), imageColumnName: "Image");
        ImageCaptioningMetrics vectors = _mlContext.ImageCaptioning.Evaluate(_mlContext.Data.LoadFromEnumerable(
            _rows.GroupBy(row => row.Image).Select(image => new { Label = image.Select(row => row.Label).ToArray(), image.First().PredictedCaption })));
        foreach (ImageCaptioningMetrics metrics in (ImageCaptioningMetrics[])[pooled, vectors])
        {
            Assert.AreEqual(3.827486571723751, metrics.CiderD, 1e-12); // computed with the COCO caption evaluation
            Assert.AreEqual(0.9999999999375, metrics.Bleu1, 1e-12);
            Assert.AreEqual(0.8770580192458882, metrics.Bleu2, 1e-12);
            Assert.AreEqual(0.7272363034791002, metrics.Bleu3, 1e-12);
            Assert.AreEqual(0.48415247125718974, metrics.Bleu4, 1e-12);
            Assert.AreEqual(0.8462525395189441, metrics.RougeL, 1e-12);
            Assert.AreEqual(3, metrics.Images);
        }

        Assert.AreEqual(6, pooled.Rows);
        Assert.AreEqual(3, vectors.Rows);
        Assert.StartsWith("CIDEr-D 3.8275, BLEU-1..4 1.0000/0.8771/0.7272/0.4842, ROUGE-L 0.8463 nrefs:2|", pooled.ToString());
        Assert.EndsWith(", 3 images", pooled.ToString());
    }

    [TestMethod]
    public void References_without_a_word_are_none()
    {
        ImageCaptioningMetrics Evaluate(params string[] more) => _mlContext.ImageCaptioning.Evaluate(_mlContext.Data.LoadFromEnumerable(
            _rows.GroupBy(row => row.Image).Select(image => new { Label = image.Select(row => row.Label).Concat(more).ToArray(), image.First().PredictedCaption })));

        Assert.AreEqual(Evaluate().ToString(), Evaluate("", " .").ToString());
        IDataView none = _mlContext.Data.LoadFromEnumerable(_rows.Append(new Row("4", "a", "")));
        Assert.Contains("Row 6 has no reference caption in column 'Label'", Assert.ThrowsExactly<InvalidOperationException>(() => _mlContext.ImageCaptioning.Evaluate(none, imageColumnName: "Image")).Message);
    }

    [TestMethod]
    public void Document_frequencies_come_from_other_data_where_it_is_given()
    {
        IDataView one = _mlContext.Data.LoadFromEnumerable(_rows.Take(1));
        Assert.AreEqual(0, _mlContext.ImageCaptioning.Evaluate(one).CiderD);
        ImageCaptioningMetrics metrics = _mlContext.ImageCaptioning.Evaluate(one, frequencyData: _mlContext.Data.LoadFromEnumerable(_rows), imageColumnName: "Image");
        Assert.IsGreaterThan(1, metrics.CiderD);
        Assert.Contains("|df:corpus-3|", metrics.Signature);
    }

    [TestMethod]
    public void What_cannot_be_measured_is_refused()
    {
        IDataView data = _mlContext.Data.LoadFromEnumerable(new[] { new { Label = Array.Empty<string>(), PredictedCaption = "a", Number = 1f } });
        Assert.Contains("Row 0 has no reference caption in column 'Label'", Assert.ThrowsExactly<InvalidOperationException>(() => _mlContext.ImageCaptioning.Evaluate(data)).Message);
        Assert.Contains("no rows", Assert.ThrowsExactly<InvalidOperationException>(() => _mlContext.ImageCaptioning.Evaluate(_mlContext.Data.FilterRowsByColumn(data, "Number", 2, 3))).Message);
        Assert.Contains("Number", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _mlContext.ImageCaptioning.Evaluate(data, "Number")).Message);
        Assert.Contains("Other", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _mlContext.ImageCaptioning.Evaluate(data, predictedColumnName: "Other")).Message);
        Assert.Contains("Picture", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _mlContext.ImageCaptioning.Evaluate(data, imageColumnName: "Picture")).Message);
    }

    private sealed record Row(string Image, string PredictedCaption, string Label);
}
