using Microsoft.ML.HLstm.Tests.TestSupport;

namespace Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;

[TestClass]
public sealed class SpeechRecognitionTrainerTests
{
    [TestMethod]
    public void Lstm_keeps_the_estimator_contract() => Check((catalog, options) => catalog.Trainers.Lstm(options));

    [TestMethod]
    public void HLstm_keeps_the_estimator_contract() => Check((catalog, options) =>
    {
        (options.WordTimesColumnName, options.LanguageModelOrder) = ("WordTimes", 2);
        options.Decoding = new CtcDecodingOptions { BeamWidth = 4, Alternatives = 2 };
        return catalog.Trainers.HLstm(options);
    });

    [TestMethod]
    [DataRow(WeightPrecision.Half)]
    [DataRow(WeightPrecision.Int8)]
    public void A_lower_precision_scores_the_same_before_and_after_saving(WeightPrecision precision) => Check((catalog, options) =>
    {
        options.Precision = precision;
        return catalog.Trainers.HLstm(options);
    });

    [TestMethod]
    public void It_learns_and_says_so_by_word_accuracy()
    {
        var mlContext = new MLContext(1);
        SpeechRecognitionMetrics metrics = mlContext.SpeechRecognition.Evaluate(TinySpeechModel.Trained.Transform(TinySpeech.Load(mlContext)));

        Assert.IsLessThan(0.05, metrics.WordErrorRate, metrics.ToString());
        TrainingHistory history = TinySpeechModel.Trained.History;
        Assert.AreEqual("WordAccuracy", history.MetricName);
        Assert.IsGreaterThan(90, history.Epochs.Last(epoch => epoch.Best).Metric);
        Assert.IsLessThanOrEqualTo(100, history.Epochs.Max(epoch => epoch.Metric));
        Assert.IsLessThan(history.Epochs[0].Loss / 4, history.Epochs[^1].Loss);
    }

    [TestMethod]
    public void The_short_overload_takes_the_columns_and_trains()
    {
        var mlContext = new MLContext(1);
        SpeechRecognitionTransformer model = mlContext.SpeechRecognition.Trainers.Lstm("Transcript", "Frames", stateSize: 8, epochs: 1).Fit(TinySpeech.Load(mlContext));

        Assert.HasCount(1, model.History.Epochs);
        // 4 (I + H) H, both ways: I = 16 channels of 2 bins that two strides of 2 leave of 6, then H twice, directions summed.
        Assert.AreEqual(2 * 4 * ((32 + 8) * 8 + 2 * (8 + 8) * 8), model.Statistics.RecurrentParameters);
        Assert.AreEqual(model.Statistics.RecurrentParameters, model.Statistics.ActiveRecurrentParameters);
    }

    [TestMethod]
    public void Training_goes_on_from_a_model_with_its_alphabet()
    {
        var mlContext = new MLContext(1);
        SpeechRecognitionOptions options = TinySpeech.Options(2);
        IDataView some = TinySpeech.Load(mlContext, TinySpeech.Rows.Where(row => row.Transcript.Contains("da", StringComparison.Ordinal)));

        SpeechRecognitionTransformer further = mlContext.SpeechRecognition.Trainers.HLstm(options).Fit(some, TinySpeechModel.Trained);

        Assert.IsLessThan(TinySpeechModel.Trained.History.Epochs[2].Loss, further.History.Epochs[0].Loss);
        CollectionAssert.AreEqual(TinySpeechModel.Trained.Words.ToArray(), further.Words.ToArray());
        Assert.AreSame(TinySpeechModel.Trained.LanguageModel, further.LanguageModel);

        options.StateSize++;
        Assert.Throws<ArgumentException>(() => mlContext.SpeechRecognition.Trainers.HLstm(options).Fit(some, TinySpeechModel.Trained));
    }

    [TestMethod]
    public void Grow_and_prune_leaves_few_connections()
    {
        var mlContext = new MLContext(1);
        SpeechRecognitionOptions options = TinySpeech.Options(3);
        options.GrowAndPrune = GrowAndPruneSchedule.Compact with { PruningRounds = 1, PruningRatio = 0.5, AllowedLoss = 1, ShiftEpochs = 1, RecoveryEpochs = 1, FinalRecoveryEpochs = 1, Distillation = 0.5 };

        SpeechRecognitionTransformer model = mlContext.SpeechRecognition.Trainers.HLstm(options).Fit(TinySpeech.Load(mlContext));

        Assert.IsLessThan(0.6 * model.Statistics.RecurrentParameters, model.Statistics.ActiveRecurrentParameters);
        CollectionAssert.AreEqual(TinySpeechModel.Transcribe(model), TinySpeechModel.Transcribe(TinySpeechModel.Load(TinySpeechModel.Zip(model))));
    }

    [TestMethod]
    [DataRow(nameof(SpeechRecognitionOptions.Layers))]
    [DataRow(nameof(SpeechRecognitionOptions.TimeMasks))]
    [DataRow(nameof(SpeechRecognitionOptions.FrequencyMasks))]
    [DataRow(nameof(SpeechRecognitionOptions.LanguageModelOrder))]
    [DataRow(nameof(SpeechRecognitionOptions.LanguageModelClasses))]
    [DataRow(nameof(SpeechRecognitionOptions.StateSize))]
    public void A_whole_number_out_of_range_is_named_with_its_value(string option)
    {
        SpeechRecognitionOptions options = TinySpeech.Options();
        typeof(SpeechRecognitionOptions).GetProperty(option)!.SetValue(options, -7);
        Refused(options, option, "-7");
    }

    [TestMethod]
    [DataRow(nameof(SpeechRecognitionOptions.TimeMaskShare), 1.0)]
    [DataRow(nameof(SpeechRecognitionOptions.FrequencyMaskShare), double.NaN)]
    [DataRow(nameof(SpeechRecognitionOptions.Noise), -0.5)]
    [DataRow(nameof(SpeechRecognitionOptions.SpeedChange), 0.75)]
    [DataRow(nameof(SpeechRecognitionOptions.MutualInformationWeight), 1.5)]
    [DataRow(nameof(SpeechRecognitionOptions.WordReplacement), 1.0)]
    public void A_real_number_out_of_range_is_named_with_its_value(string option, double value)
    {
        SpeechRecognitionOptions options = TinySpeech.Options();
        typeof(SpeechRecognitionOptions).GetProperty(option)!.SetValue(options, value);
        Refused(options, option, value.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [TestMethod]
    public void Convolutions_decoding_and_language_models_are_checked_too()
    {
        Refused(new SpeechRecognitionOptions { Convolutions = [] }, "Convolutions.Count", "0");
        Refused(new SpeechRecognitionOptions { Convolutions = [new(4, 3, 3, 1, 1), new(4, 4, 3, 1, 1)] }, "Convolutions[1].KernelFrames", "4");
        Refused(new SpeechRecognitionOptions { Decoding = new CtcDecodingOptions { BeamWidth = 0 } }, "Decoding.BeamWidth", "0");
        Refused(new SpeechRecognitionOptions { Decoding = new CtcDecodingOptions { Threads = 0 } }, "Decoding.Threads", "0");
        Refused(new SpeechRecognitionOptions { WordTimesColumnName = " " }, "WordTimesColumnName", "' '");
        Refused(new SpeechRecognitionOptions { LanguageModelUnit = (LanguageModelUnit)9 }, "LanguageModelUnit", "9");
        Refused(new SpeechRecognitionOptions { LanguageModelFile = "no.arpa" }, "LanguageModelFile", "'no.arpa'");
        string file = typeof(SpeechRecognitionTrainerTests).Assembly.Location;
        Refused(new SpeechRecognitionOptions { LanguageModelFile = file, LanguageModelOrder = 2 }, "LanguageModelOrder", file);
        Refused(new SpeechRecognitionOptions { LanguageModelClasses = 16 }, "LanguageModelClasses", "LanguageModelOrder");
    }

    private static void Refused(SpeechRecognitionOptions options, string name, string value)
    {
        var error = Assert.Throws<ArgumentException>(() => new MLContext().SpeechRecognition.Trainers.HLstm(options));
        Assert.Contains(name, error.Message);
        Assert.Contains(value, error.Message);
    }

    private static void Check(Func<SpeechRecognitionCatalog, SpeechRecognitionOptions, SpeechRecognitionTrainer> make)
    {
        var mlContext = new MLContext(1);
        IDataView valid = TinySpeech.Load(mlContext);
        EstimatorContract.Check(mlContext, make(mlContext.SpeechRecognition, TinySpeech.Options(3)), valid,
            mlContext.Transforms.DropColumns("Frames").Fit(valid).Transform(valid),
            TinySpeech.Load(mlContext, width: null),
            mlContext.Data.LoadFromEnumerable([new WrongTypes { Frames = 1, Transcript = "a" }]));
    }

    private sealed class WrongTypes
    {
        public float Frames { get; set; }

        public string Transcript { get; set; } = "";
    }
}
