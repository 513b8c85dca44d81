using Microsoft.ML.Data;
using Microsoft.ML.HLstm.Tests.TestSupport;

namespace Microsoft.ML.HLstm.Tests.Tasks.ImageCaptioning;

/// <summary>Options, columns and rows that are not as they should be.</summary>
[TestClass]
public class ImageCaptioningInputTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    [DataRow(nameof(ImageCaptioningOptions.EmbeddingSize))]
    [DataRow(nameof(ImageCaptioningOptions.Layers))]
    [DataRow(nameof(ImageCaptioningOptions.FrequencyCutoff))]
    [DataRow(nameof(ImageCaptioningOptions.MaximumLength))]
    [DataRow(nameof(ImageCaptioningOptions.StateSize))]
    public void A_number_out_of_range_is_named_with_its_value(string option)
    {
        ImageCaptioningOptions options = TinyPictures.Options();
        typeof(ImageCaptioningOptions).GetProperty(option)!.SetValue(options, -7);
        Refused(options, option, "-7");
    }

    [TestMethod]
    public void Names_decoding_and_a_tied_output_are_checked_too()
    {
        Refused(new ImageCaptioningOptions { PredictedColumnName = "" }, "PredictedColumnName", "''");
        Refused(new ImageCaptioningOptions { Decoding = new DecodingOptions { BeamWidth = 0 } }, "Decoding.BeamWidth", "0");
        Refused(new ImageCaptioningOptions { TieOutputEmbedding = true, StateSize = 500 }, "StateSize", "512 (EmbeddingSize)");
        _ = new ImageCaptioningTrainers(_ml).HLstm(new ImageCaptioningOptions { TieOutputEmbedding = true, StateSize = 500, Attention = true });
    }

    [TestMethod]
    public void Attention_needs_a_grid()
    {
        ImageCaptioningOptions options = TinyPictures.Options();
        options.Attention = true;
        string message = FitError<ArgumentOutOfRangeException>(options, TinyPictures.Load(_ml));
        Assert.Contains("Vector<Single, 9>", message);
        Assert.Contains("Attention needs the dimensions [regions, width]", message);
    }

    [TestMethod]
    public void A_vector_of_unknown_size_is_refused() => Assert.Contains("unknown size",
        FitError<ArgumentOutOfRangeException>(TinyPictures.Options(), _ml.Data.LoadFromEnumerable([new { Features = new float[9], Caption = "a" }])));

    [TestMethod]
    public void Another_width_than_trained_is_refused_with_both_widths()
    {
        IDataView wide = _ml.Data.LoadFromEnumerable([new WideRow()]);
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => TinyCaptioner.Trained.Transform(wide)).Message;
        Assert.Contains("12", message);
        Assert.Contains("9", message);

        ImageCaptioningOptions options = TinyPictures.Options();
        options.ValidationSet = wide;
        Assert.Contains("trained on 9", FitError<ArgumentOutOfRangeException>(options, TinyPictures.Load(_ml)));
    }

    [TestMethod]
    [DataRow(float.NaN, "A dog.", "not finite")]
    [DataRow(float.NegativeInfinity, "A dog.", "not finite")]
    [DataRow(1f, " ?! ", "no caption in 'Caption'")]
    public void A_row_that_cannot_be_used_is_named_or_skipped(float feature, string caption, string problem)
    {
        List<string> warnings = Warnings.Of(_ml);
        var bad = new PictureRow { Features = [feature, .. new float[8]], Caption = caption };
        IDataView data = TinyPictures.Load(_ml, [TinyPictures.Rows[0], bad, .. TinyPictures.Rows.Skip(1), bad]);
        ImageCaptioningOptions options = TinyPictures.Options(1);

        string message = FitError<InvalidOperationException>(options, data);
        Assert.Contains("Row 1 of the training data", message);
        Assert.Contains(problem, message);

        options.SkipInvalidImages = true;
        ImageCaptioningTransformer skipped = new ImageCaptioningTrainers(_ml).Lstm(options).Fit(data), without = new ImageCaptioningTrainers(_ml).Lstm(options).Fit(TinyPictures.Load(_ml));
        Assert.AreEqual(without.History.Epochs[0].Loss, skipped.History.Epochs[0].Loss);
        Assert.IsTrue(warnings.Any(text => text.Contains("2 of 26 rows of the training data are left out; the first is row 1", StringComparison.Ordinal)), string.Join('\n', warnings));
    }

    [TestMethod]
    public void Too_little_data_is_refused()
    {
        Assert.Contains("0 rows", FitError<InvalidOperationException>(TinyPictures.Options(), TinyPictures.Load(_ml, [])));
        Assert.Contains("2 different pictures", FitError<InvalidOperationException>(TinyPictures.Options(), TinyPictures.Load(_ml, TinyPictures.Repeated.Take(4))));
        ImageCaptioningOptions options = TinyPictures.Options();
        options.ValidationSet = TinyPictures.Load(_ml, TinyPictures.Repeated.Take(2));
        Assert.Contains("validation data has 1 different picture", FitError<InvalidOperationException>(options, TinyPictures.Load(_ml)));
        options.ValidationSet = null;
        options.FrequencyCutoff = 1000;
        Assert.Contains("FrequencyCutoff", FitError<InvalidOperationException>(options, TinyPictures.Load(_ml)));
        options.Epochs = 0;
        Assert.Contains("Epochs", FitError<ArgumentOutOfRangeException>(options, TinyPictures.Load(_ml)));
    }

    [TestMethod]
    public void Features_that_are_not_finite_give_no_caption_and_leave_the_other_rows_alone()
    {
        PictureRow[] rows = [.. TinyPictures.Rows.Take(3)];
        rows[1] = new PictureRow { Features = [float.NaN, .. new float[8]] };

        CaptionRow[] captions = TinyPictures.Caption(TinyCaptioner.Trained, TinyPictures.Load(_ml, rows));

        Assert.AreEqual(TinyPictures.Captions[0], captions[0].PredictedCaption);
        Assert.AreEqual("", captions[1].PredictedCaption);
        Assert.IsTrue(float.IsNaN(captions[1].Score));
        Assert.IsEmpty(captions[1].Alternatives);
        Assert.AreEqual(TinyPictures.Captions[2], captions[2].PredictedCaption);
    }

    private void Refused(ImageCaptioningOptions options, string name, string value)
    {
        string message = Assert.Throws<ArgumentException>(() => new ImageCaptioningTrainers(_ml).HLstm(options)).Message;
        Assert.Contains(name, message);
        Assert.Contains(value, message);
    }

    private string FitError<TError>(ImageCaptioningOptions options, IDataView data) where TError : Exception =>
        Assert.Throws<TError>(() => new ImageCaptioningTrainers(_ml).HLstm(options).Fit(data)).Message;

    private sealed class WideRow
    {
        [VectorType(12)]
        public float[] Features { get; set; } = new float[12];

        public string Caption { get; set; } = "a";
    }
}
