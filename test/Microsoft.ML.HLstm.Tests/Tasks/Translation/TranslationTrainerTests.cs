using Microsoft.ML.HLstm.Tests.TestSupport;

namespace Microsoft.ML.HLstm.Tests.Tasks.Translation;

[TestClass]
public class TranslationTrainerTests
{
    [TestMethod]
    public void Lstm_keeps_the_estimator_contract() => Check((catalog, options) => catalog.Trainers.Lstm(options));

    [TestMethod]
    public void HLstm_keeps_the_estimator_contract() => Check((catalog, options) => catalog.Trainers.HLstm(options));

    [TestMethod]
    [DataRow(WeightPrecision.Half)]
    [DataRow(WeightPrecision.Int8)]
    public void A_lower_precision_scores_the_same_before_and_after_saving(WeightPrecision precision) => Check((catalog, options) =>
    {
        options.Precision = precision;
        return catalog.Trainers.HLstm(options);
    });

    [TestMethod]
    public void The_short_overload_takes_the_columns_and_trains()
    {
        var mlContext = new MLContext(1);
        TranslationTrainer trainer = mlContext.Translation.Trainers.Lstm("English", "German", stateSize: 8, epochs: 1);

        TranslationTransformer model = trainer.Fit(TinyCorpus.Load(mlContext));

        Assert.HasCount(1, model.History.Epochs);
        // 4 (I + H) H: the encoder both ways with I = 256, the decoder with I = 256 + 256 (embedding and input feeding).
        Assert.AreEqual(2 * 4 * (256 + 8) * 8 + 4 * (512 + 8) * 8, model.Statistics.RecurrentParameters);
        Assert.AreEqual(model.Statistics.RecurrentParameters, model.Statistics.ActiveRecurrentParameters);
    }

    [TestMethod]
    public void Changing_options_after_the_estimator_is_made_changes_nothing()
    {
        var mlContext = new MLContext(1);
        TranslationOptions options = TinyCorpus.Options(1);
        TranslationTrainer trainer = mlContext.Translation.Trainers.Lstm(options);
        (options.Epochs, options.FeatureColumnName) = (3, "Nothing");

        Assert.HasCount(1, trainer.Fit(TinyCorpus.Load(mlContext)).History.Epochs);
    }

    [TestMethod]
    [DataRow(nameof(TranslationOptions.StateSize))]
    [DataRow(nameof(TranslationOptions.GateHiddenLayers))]
    [DataRow(nameof(TranslationOptions.GateHiddenSize))]
    [DataRow(nameof(TranslationOptions.Epochs))]
    [DataRow(nameof(TranslationOptions.BatchSize))]
    [DataRow(nameof(TranslationOptions.WarmupSteps))]
    [DataRow(nameof(TranslationOptions.PlateauPatience))]
    [DataRow(nameof(TranslationOptions.EarlyStoppingPatience))]
    [DataRow(nameof(TranslationOptions.Threads))]
    [DataRow(nameof(TranslationOptions.NonFiniteRetries))]
    [DataRow(nameof(TranslationOptions.EmbeddingSize))]
    [DataRow(nameof(TranslationOptions.EncoderLayers))]
    [DataRow(nameof(TranslationOptions.DecoderLayers))]
    [DataRow(nameof(TranslationOptions.VocabularySize))]
    [DataRow(nameof(TranslationOptions.FrequencyCutoff))]
    [DataRow(nameof(TranslationOptions.MaximumLength))]
    public void A_whole_number_out_of_range_is_named_with_its_value(string option)
    {
        TranslationOptions options = TinyCorpus.Options();
        typeof(TranslationOptions).GetProperty(option)!.SetValue(options, -7);
        Refused(options, option, "-7");
    }

    [TestMethod]
    [DataRow(nameof(TranslationOptions.GateDropout), 1f)]
    [DataRow(nameof(TranslationOptions.Dropout), float.NaN)]
    [DataRow(nameof(TranslationOptions.TeacherShare), 1.5)]
    [DataRow(nameof(TranslationOptions.LearningRate), 0.0)]
    [DataRow(nameof(TranslationOptions.LearningRateDecay), 1.5)]
    [DataRow(nameof(TranslationOptions.MaximumGradientNorm), double.NaN)]
    [DataRow(nameof(TranslationOptions.LabelSmoothing), -0.1)]
    [DataRow(nameof(TranslationOptions.WeightAveraging), 1.0)]
    [DataRow(nameof(TranslationOptions.ConsistencyWeight), -1.0)]
    [DataRow(nameof(TranslationOptions.ValidationFraction), 0.0)]
    public void A_real_number_out_of_range_is_named_with_its_value(string option, object value)
    {
        TranslationOptions options = TinyCorpus.Options();
        typeof(TranslationOptions).GetProperty(option)!.SetValue(options, value);
        Refused(options, option, Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!);
    }

    [TestMethod]
    public void Schedules_and_decoding_are_checked_too()
    {
        Refused(new TranslationOptions { GrowAndPrune = GrowAndPruneSchedule.Compact with { SeedDensity = 0 } }, "GrowAndPrune.SeedDensity", "0");
        Refused(new TranslationOptions { GrowAndPrune = GrowAndPruneSchedule.Compact with { Distillation = 1.5 } }, "GrowAndPrune.Distillation", "1.5");
        Refused(new TranslationOptions { GrowAndPrune = GrowAndPruneSchedule.Compact with { FinalRecoveryEpochs = 0 } }, "GrowAndPrune.FinalRecoveryEpochs", "0");
        Refused(new TranslationOptions { GrowAndPrune = GrowAndPruneSchedule.Compact with { PruningRatio = 1 } }, "GrowAndPrune.PruningRatio", "1");
        Refused(new TranslationOptions { GrowAndPrune = GrowAndPruneSchedule.Compact with { Matrices = (MaskedMatrices)64 } }, "GrowAndPrune.Matrices", "64");
        Refused(new TranslationOptions { Decoding = new DecodingOptions { BeamWidth = 0 } }, "Decoding.BeamWidth", "0");
        Refused(new TranslationOptions { Decoding = new DecodingOptions { LengthNormalization = double.NaN } }, "Decoding.LengthNormalization", "NaN");
        foreach ((string option, Func<GrowAndPruneSchedule, GrowAndPruneSchedule> change, string value) in (IEnumerable<(string, Func<GrowAndPruneSchedule, GrowAndPruneSchedule>, string)>)
        [
            ("Pattern", s => s with { Pattern = (SparsityPattern)9 }, "9"),
            ("GrowthRounds", s => s with { GrowthRounds = -1 }, "-1"),
            ("GrowthRatio", s => s with { GrowthRatio = 0 }, "0"),
            ("GrowthEpochs", s => s with { GrowthEpochs = 0 }, "0"),
            ("GrowthBatches", s => s with { GrowthBatches = 0 }, "0"),
            ("GrowthCriterion", s => s with { GrowthCriterion = (GrowthCriterion)5 }, "5"),
            ("ShiftEpochs", s => s with { ShiftEpochs = 0 }, "0"),
            ("PruningRounds", s => s with { PruningRounds = 1001 }, "1001"),
            ("RecoveryEpochs", s => s with { RecoveryEpochs = 0 }, "0"),
            ("AllowedLoss", s => s with { AllowedLoss = double.NaN }, "NaN"),
            ("InterimLoss", s => s with { InterimLoss = -0.1 }, "-0.1"),
            ("TargetDensity", s => s with { TargetDensity = 1.5 }, "1.5"),
            ("EmbeddingTargetDensity", s => s with { EmbeddingTargetDensity = 0 }, "0"),
        ])
            Refused(new TranslationOptions { GrowAndPrune = change(GrowAndPruneSchedule.Compact) }, "GrowAndPrune." + option, value);
        Refused(new TranslationOptions { Decoding = new DecodingOptions { Alternatives = 0 } }, "Decoding.Alternatives", "0");
        Refused(new TranslationOptions { Decoding = new DecodingOptions { MaximumLength = 0 } }, "Decoding.MaximumLength", "0");
        Refused(new TranslationOptions { Decoding = new DecodingOptions { NoRepeatNgramSize = -1 } }, "Decoding.NoRepeatNgramSize", "-1");
        Refused(new TranslationOptions { Decoding = new DecodingOptions { Threads = 0 } }, "Decoding.Threads", "0");
        Refused(new TranslationOptions { CheckpointFolder = " " }, "CheckpointFolder", "' '");
        Refused(new TranslationOptions { CheckpointInterval = TimeSpan.FromDays(8) }, "CheckpointInterval", "8.00:00:00");
        Refused(new TranslationOptions { LabelColumnName = " " }, "LabelColumnName", "' '");
        Refused(new TranslationOptions { GateActivation = (GateActivation)9 }, "GateActivation", "9");
    }

    private static void Refused(TranslationOptions options, string name, string value)
    {
        var error = Assert.Throws<ArgumentException>(() => new MLContext().Translation.Trainers.HLstm(options));
        Assert.Contains(name, error.Message);
        Assert.Contains(value, error.Message);
    }

    private static void Check(Func<TranslationCatalog, TranslationOptions, TranslationTrainer> make)
    {
        var mlContext = new MLContext(1);
        TranslationOptions options = TinyCorpus.Options(3);
        options.Decoding = options.Decoding with { Alternatives = 2 };
        IDataView valid = TinyCorpus.Load(mlContext);
        EstimatorContract.Check(mlContext, make(mlContext.Translation, options), valid,
            mlContext.Transforms.DropColumns("German").Fit(valid).Transform(valid),
            mlContext.Data.LoadFromEnumerable([new WrongTypes { German = 1, English = "a" }]));
    }

    private sealed class WrongTypes
    {
        public float German { get; set; }

        public string English { get; set; } = "";
    }
}
