using Microsoft.ML.HLstm.Tests.TestSupport;

namespace Microsoft.ML.HLstm.Tests.Tasks.ImageCaptioning;

/// <summary>Captioning from data to captions.</summary>
[TestClass]
public class ImageCaptioningTests
{
    private readonly MLContext _ml = new(1);

    private ImageCaptioningTrainers Trainers => _ml.ImageCaptioning.Trainers;

    [TestMethod]
    public void It_learns_the_captions_word_for_word()
    {
        CaptionRow[] rows = TinyPictures.Caption(TinyCaptioner.Trained, TinyPictures.Load(_ml));

        CollectionAssert.AreEqual(TinyPictures.Captions.ToArray(), rows.Select(row => row.PredictedCaption).ToArray());
        Assert.IsTrue(rows.All(row => row.Score is <= 0 and > -1), string.Join(' ', rows.Select(row => row.Score)));
        Assert.AreEqual(1000, TinyCaptioner.Trained.History.Epochs.Max(epoch => epoch.Metric), 1e-6);
    }

    [TestMethod]
    public void With_attention_it_learns_what_stands_where()
    {
        ImageCaptioningOptions options = TinyPictures.Options(12);
        options.Attention = true;
        IDataView data = _ml.Data.LoadFromEnumerable(TinyPictures.Grids);
        options.ValidationSet = data;

        ImageCaptioningTransformer model = Trainers.HLstm(options).Fit(data);

        CollectionAssert.AreEqual(TinyPictures.Grids.Select(row => row.Caption).ToArray(), TinyPictures.Caption(model, data).Select(row => row.PredictedCaption).ToArray());
    }

    [TestMethod]
    public void Repeated_rows_and_vectors_of_captions_train_the_same()
    {
        ImageCaptioningTransformer repeated = Trainers.HLstm(TinyPictures.Options(2)).Fit(TinyPictures.Load(_ml, TinyPictures.Repeated));
        ImageCaptioningTransformer vectors = Trainers.HLstm(TinyPictures.Options(2)).Fit(_ml.Data.LoadFromEnumerable(TinyPictures.Vectors));

        CollectionAssert.AreEqual(repeated.History.Epochs.Select(epoch => (epoch.Loss, epoch.Metric)).ToArray(), vectors.History.Epochs.Select(epoch => (epoch.Loss, epoch.Metric)).ToArray());
    }

    [TestMethod]
    public void Lstm_keeps_the_estimator_contract() => Check(options => Trainers.Lstm(options));

    [TestMethod]
    public void HLstm_keeps_the_estimator_contract() => Check(options => Trainers.HLstm(options));

    [TestMethod]
    [DataRow(WeightPrecision.Half)]
    [DataRow(WeightPrecision.Int8)]
    public void A_lower_precision_scores_the_same_before_and_after_saving(WeightPrecision precision) => Check(options =>
    {
        (options.Precision, options.TieOutputEmbedding) = (precision, true);
        return Trainers.HLstm(options);
    });

    [TestMethod]
    public void Alternatives_are_distinct_and_ordered()
    {
        ImageCaptioningTransformer model = TinyCaptioner.Trained.WithDecoding(new DecodingOptions { BeamWidth = 4, Alternatives = 3, LengthNormalization = 0, MaximumLength = 10 });
        foreach (CaptionRow row in TinyPictures.Caption(model, TinyPictures.Load(_ml)).Take(5))
        {
            Assert.HasCount(3, row.Alternatives);
            CollectionAssert.AllItemsAreUnique(row.Alternatives);
            Assert.AreEqual(row.PredictedCaption, row.Alternatives[0]);
            Assert.AreEqual(row.Score, row.AlternativeScores[0]);
            CollectionAssert.AreEqual(row.AlternativeScores.OrderDescending().ToArray(), row.AlternativeScores);
        }
    }

    [TestMethod]
    public void Rounded_weights_keep_the_captions()
    {
        foreach (WeightPrecision precision in (WeightPrecision[])[WeightPrecision.Half, WeightPrecision.Int8])
        {
            ImageCaptioningTransformer rounded = TinyCaptioner.Trained.WithPrecision(precision);
            Assert.AreEqual(precision, rounded.Precision);
            Assert.AreEqual(TinyCaptioner.Trained.Statistics, rounded.Statistics);
            CollectionAssert.AreEqual(TinyPictures.Captions.ToArray(), TinyPictures.Caption(rounded, TinyPictures.Load(_ml)).Select(row => row.PredictedCaption).ToArray());
        }
    }

    [TestMethod]
    public void Rare_words_are_never_predicted()
    {
        ImageCaptioningOptions options = TinyPictures.Options(20);
        options.FrequencyCutoff = 8;
        PictureRow[] rows = [.. TinyPictures.Rows.Select((row, i) => new PictureRow { Features = row.Features, Caption = $"{(char)('a' + i)}bc {row.Caption}" })];
        options.ValidationSet = TinyPictures.Load(_ml, rows);

        CaptionRow[] captions = TinyPictures.Caption(Trainers.Lstm(options).Fit(TinyPictures.Load(_ml, rows)), TinyPictures.Load(_ml));

        Assert.IsTrue(captions.All(row => row.PredictedCaption.Length > 0 && !row.PredictedCaption.Contains("unk", StringComparison.Ordinal) && !row.PredictedCaption.Contains("bc", StringComparison.Ordinal)), string.Join('\n', captions.Select(row => row.PredictedCaption)));
    }

    [TestMethod]
    public void It_goes_on_from_the_weights_of_a_model_and_prunes_them()
    {
        ImageCaptioningOptions options = TinyPictures.Options(0);
        options.ValidationSet = TinyPictures.Load(_ml);
        options.GrowAndPrune = GrowAndPruneSchedule.Compact with { PruningRounds = 1, PruningRatio = 0.25, AllowedLoss = 0.5, GrowthRounds = 0, RecoveryEpochs = 2, FinalRecoveryEpochs = 2 };

        ImageCaptioningTransformer pruned = Trainers.Lstm(options).Fit(TinyPictures.Load(_ml), TinyCaptioner.Trained);

        Assert.AreEqual(0.75, (double)pruned.Statistics.ActiveParameters / TinyCaptioner.Trained.Statistics.ActiveParameters, 0.01);
        Assert.IsLessThan(TinyCaptioner.Trained.Statistics.FlopsPerStep, pruned.Statistics.FlopsPerStep);
        options.StateSize = 25;
        Assert.Contains("decoder.0", Assert.Throws<ArgumentException>(() => Trainers.Lstm(options).Fit(TinyPictures.Load(_ml), TinyCaptioner.Trained)).Message);
    }

    [TestMethod]
    public void A_fresh_process_without_libtorch_loads_the_zip_and_captions()
    {
        using var folder = new FolderWithoutLibtorch();
        string zip = Path.Combine(folder.Path, "model.zip");
        _ml.Model.Save(TinyCaptioner.Trained, TinyPictures.Load(_ml).Schema, zip);

        Assert.AreEqual(string.Join('\n', TinyPictures.Captions), FreshProcess.RunIn(folder.Path, CaptionZip, [zip]));
    }

    private static string CaptionZip(string[] arguments)
    {
        var mlContext = new MLContext();
        return string.Join('\n', TinyPictures.Caption(mlContext.Model.Load(arguments[0], out _), TinyPictures.Load(mlContext)).Select(row => row.PredictedCaption));
    }

    private void Check(Func<ImageCaptioningOptions, ImageCaptioningTrainer> make)
    {
        ImageCaptioningOptions options = TinyPictures.Options(2);
        options.Decoding = options.Decoding with { Alternatives = 2 };
        IDataView valid = TinyPictures.Load(_ml);
        EstimatorContract.Check(_ml, make(options), valid,
            _ml.Transforms.DropColumns("Features").Fit(valid).Transform(valid),
            _ml.Data.LoadFromEnumerable([new { Features = "text", Caption = "a" }]),
            _ml.Data.LoadFromEnumerable([new { Features = new float[TinyPictures.FeatureSize], Caption = "a" }]));
    }
}
