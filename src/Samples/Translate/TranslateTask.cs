using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.HLstm;
using Samples.Commands;

namespace Samples.Translate;

/// <summary>German to English: an encoder-decoder with attention.</summary>
internal sealed class TranslateTask : ISampleTask
{
    private readonly OptionSet<TranslationOptions> _network = new OptionSet<TranslationOptions>()
        .Set<bool>("--lowercase", "Lower-cases both languages first", (o, v) => o.LowerCase = v)
        .Set<int>("--embedding-size", "Width of the word embeddings", (o, v) => o.EmbeddingSize = v)
        .Set<bool>("--subwords", "true for byte-pair subwords, false for whole words", (o, v) => o.Subwords = v)
        .Set<int>("--vocabulary-size", "Entries of each vocabulary at most", (o, v) => o.VocabularySize = v)
        .Set<int>("--shortlist-size", "Likely translations of each source token to which scoring is restricted; 0 for the whole vocabulary", (o, v) => o.ShortlistSize = v)
        .Set<int>("--encoder-layers", "Stacked recurrent layers of the encoder", (o, v) => o.EncoderLayers = v)
        .Set<int>("--decoder-layers", "Stacked recurrent layers of the decoder", (o, v) => o.DecoderLayers = v);

    private readonly TeacherOptions<TranslationTransformer> _teachers = new("target vocabulary");

    private readonly OptionSet<DecodingOptions> _decoding = new OptionSet<DecodingOptions>()
        .With<int>("--beam", "Hypotheses that the beam search keeps (default: the model's own)", (o, v) => o with { BeamWidth = v })
        .With<int>("--alternatives", "Translations to find for each sentence (default: the model's own)", (o, v) => o with { Alternatives = v });

    private readonly Option<int> _shortlistSize = new("--shortlist-size") { Description = "Likely translations of each source token to which scoring is restricted, learned from --data; 0 for the whole vocabulary", HelpName = "NUMBER" };

    private readonly Option<string[]> _shortlistData = new("--data") { Description = "Sentences to learn the likely translations from, like those of the training", HelpName = "FILE [FILE]", AllowMultipleArgumentsPerToken = true };

    private readonly Option<bool> _lowerCaseScore = new("--lowercase") { Description = "Compares without case" };

    public string Name => "translate";

    public string Description => "Translates German to English.";

    public string DataDescription => "English TAB German in one file, or a German and an English file; each plain or gzip";

    public string RowName => "sentence";

    public string InputDescription => "a sentence";

    public string ShippedModel => "translate-de-en.zip";

    public bool LowerMetricIsBetter => false;

    public IEnumerable<Option> TrainOptions => [.. _network.Options, .. _teachers.Options];

    public IEnumerable<Option> EvaluateOptions => [_lowerCaseScore, .. _decoding.Options];

    public IEnumerable<Option> PredictOptions => _decoding.Options;

    public IEnumerable<Option> ConvertOptions => [_shortlistSize, _shortlistData];

    public IEnumerable<Command> FurtherCommands => [ExtractCommand.Create()];

    public IEnumerable<Option> DataOptions => [];

    public bool HoldsOut(ParseResult parse) => false;

    public IDataView LoadData(MLContext mlContext, IReadOnlyList<string> paths, DataUse use, ParseResult parse) =>
        mlContext.Data.LoadFromEnumerable(ParallelText.Read(paths));

    public ITransformer WithPrecision(ITransformer model, WeightPrecision precision) =>
        ModelChain.Change<TranslationTransformer>(model, translating => translating.WithPrecision(precision));

    public ITransformer Convert(MLContext mlContext, ITransformer model, ParseResult parse)
    {
        int size = parse.GetValue(_shortlistSize);
        string[] data = parse.GetValue(_shortlistData) ?? [];
        if (parse.GetResult(_shortlistSize) is null)
            return data.Length == 0 ? model : throw new UsageException("--data has no effect without --shortlist-size.");
        if (size != 0 && data.Length == 0)
            throw new UsageException("--shortlist-size needs --data, to learn from.");
        return ModelChain.Change<TranslationTransformer>(model, translating => size == 0
            ? translating.WithoutShortlist()
            : UsageException.Catch(() => translating.WithShortlist(LoadData(mlContext, data, DataUse.Training, parse), size)));
    }

    public TrainedModel Train(MLContext mlContext, TrainingRequest request)
    {
        TranslationOptions options = _network.Apply(request.Parse, request.Configure(new TranslationOptions
        {
            LabelColumnName = nameof(SentencePair.English),
            FeatureColumnName = nameof(SentencePair.German),
        }));
        (options.Teachers, options.TeacherShare) = _teachers.Load(mlContext, this, request.Parse, options.TeacherShare);
        TranslationTrainers trainers = mlContext.Translation.Trainers;
        TranslationTrainer trainer = UsageException.Catch(() => request.Algorithm == Algorithm.Lstm ? trainers.Lstm(options) : trainers.HLstm(options));
        TranslationTransformer model = UsageException.Catch(() => request.Initial is null
            ? trainer.Fit(request.Train)
            : trainer.Fit(request.Train, ModelChain.Find<TranslationTransformer>(request.Initial)));
        return new TrainedModel(model, request.Algorithm, options, model.History, model.Statistics, model.Report);
    }

    public SequenceExperiment CreateExperiment(MLContext mlContext, ExperimentRequest request) => UsageException.Catch(() => mlContext.Translation.CreateExperiment(
        request.Settings(new TranslationOptions { LabelColumnName = nameof(SentencePair.English), FeatureColumnName = nameof(SentencePair.German) }, _network)));

    public Evaluation Evaluate(MLContext mlContext, ITransformer model, IDataView data, ParseResult parse)
    {
        model = UsageException.Catch(() => WithDecoding(model, parse));
        // The first sentence pays for compilation and for unpacking the weights; it is translated once before the clock starts.
        _ = model.Transform(mlContext.Data.TakeRows(data, 1)).GetColumn<string>(TranslationTransformer.PredictedColumnName).Count();
        var watch = Stopwatch.StartNew();
        string[] predicted = [.. model.Transform(data).GetColumn<string>(TranslationTransformer.PredictedColumnName)];
        TimeSpan elapsed = watch.Elapsed;

        // Evaluating what was kept does not translate everything a second time.
        IDataView scored = mlContext.Data.LoadFromEnumerable(data.GetColumn<string>(nameof(SentencePair.English))
            .Zip(predicted, (english, prediction) => new Translated { English = english, PredictedTranslation = prediction }));
        TranslationMetrics metrics = mlContext.Translation.Evaluate(
            scored, labelColumnName: nameof(SentencePair.English), lowerCase: parse.GetValue(_lowerCaseScore));
        return new Evaluation(new Dictionary<string, double> { ["BLEU"] = metrics.Bleu }, metrics.Signature, predicted.Length,
            elapsed.TotalMilliseconds / predicted.Length, ModelChain.Find<TranslationTransformer>(model).Statistics);
    }

    public Func<string, IReadOnlyList<ScoredText>> CreatePredictor(MLContext mlContext, ITransformer model, ParseResult parse)
    {
        model = UsageException.Catch(() => WithDecoding(model, parse));
        PredictionEngine<Sentence, Prediction> engine = mlContext.Model.CreatePredictionEngine<Sentence, Prediction>(model);
        return german =>
        {
            Prediction prediction = engine.Predict(new Sentence { German = german });
            // Fewer may have been found than were asked for: the rest of the vector is empty.
            ScoredText[] found = [.. prediction.Alternatives.Zip(prediction.AlternativeScores, (text, score) => new ScoredText(text, score)).Where(a => a.Text.Length > 0)];
            return parse.GetResult("--alternatives") is null || found.Length == 0
                ? [new ScoredText(prediction.PredictedTranslation, prediction.Score)]
                : found;
        };
    }

    private ITransformer WithDecoding(ITransformer model, ParseResult parse) => ModelChain.Change<TranslationTransformer>(
        model, translating => translating.WithDecoding(_decoding.Apply(parse, translating.Decoding)));

    private sealed class Sentence
    {
        public string German { get; set; } = "";
    }

    private sealed class Translated
    {
        public string English { get; set; } = "";

        public string PredictedTranslation { get; set; } = "";
    }

    private sealed class Prediction
    {
        public string PredictedTranslation { get; set; } = "";

        public float Score { get; set; }

        public string[] Alternatives { get; set; } = [];

        public float[] AlternativeScores { get; set; } = [];
    }
}
