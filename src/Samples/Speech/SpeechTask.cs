using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.HLstm;
using Samples.Commands;

namespace Samples.Speech;

/// <summary>Speech to text: convolutions, bidirectional layers, connectionist temporal classification.</summary>
internal sealed class SpeechTask : ISampleTask
{
    private readonly SpeechOptions _options = new();
    private readonly TeacherOptions<SpeechRecognitionTransformer> _teachers = new("alphabet");
    private readonly LanguageOptions _language = new();
    private readonly Option<string[]> _tuningData = new("--data") { Description = "Recordings to choose the search by, like those of evaluate", HelpName = "PATH ...", AllowMultipleArgumentsPerToken = true };

    private readonly Option<bool> _lowerCase = new("--lowercase") { Description = "Lower-cases transcripts of --data and words of --words first, for a model of lower-cased transcripts" };

    public string Name => "speech";

    public string Description => "Writes down what is said in audio files.";

    public string DataDescription => "The folder of AN4, a file with lines path TAB transcript, or a list of files and a file of transcripts";

    public string RowName => "utterance";

    public string InputDescription => "the path of an audio file (WAV, NIST SPHERE)";

    public string ShippedModel => "speech-an4.zip";

    // Word accuracy in training.
    public bool LowerMetricIsBetter => false;

    public IEnumerable<Option> DataOptions => [_options.AudioFolder, _options.HeldOutSpeakers];

    public IEnumerable<Option> TrainOptions => [.. _options.Network.Options, .. _teachers.Options, .. _options.Spectrogram.Options, .. _options.Decoding.Options];

    public IEnumerable<Option> EvaluateOptions => [_options.LowerCaseScore, _options.Worst, .. _options.Scoring];

    public IEnumerable<Option> PredictOptions => [_options.ShowWordTimes, .. _options.Scoring];

    public IEnumerable<Option> ConvertOptions => [.. _language.Options, _tuningData, _lowerCase, .. DataOptions, .. _options.Decoding.Options];

    public IEnumerable<Command> FurtherCommands => [];

    public bool HoldsOut(ParseResult parse) => parse.GetValue(_options.HeldOutSpeakers) is not null;

    public IDataView LoadData(MLContext mlContext, IReadOnlyList<string> paths, DataUse use, ParseResult parse)
    {
        IReadOnlyList<SpeechRow> rows = SpeechFiles.Read(paths, parse.GetValue(_options.AudioFolder));
        return mlContext.Data.LoadFromEnumerable(
            parse.GetValue(_options.HeldOutSpeakers) is { } speakers ? Speakers.Choose(rows, speakers, theirs: use != DataUse.Training) : rows);
    }

    public TrainedModel Train(MLContext mlContext, TrainingRequest request)
    {
        SpeechRecognitionOptions options = _options.Network.Apply(request.Parse, request.Configure(new SpeechRecognitionOptions
        {
            LabelColumnName = nameof(SpeechRow.Transcript),
            FeatureColumnName = SpeechOptions.Frames,
            WordTimesColumnName = SpeechOptions.WordTimes,
        }));
        options.Decoding = _options.Given(request.Parse);
        (options.Teachers, options.TeacherShare) = _teachers.Load(mlContext, this, request.Parse, options.TeacherShare);
        ITransformer features = Features(mlContext, request.Parse, request.Initial, request.Train);
        options.ValidationSet = request.Validation is { } validation ? features.Transform(validation) : null;
        SpeechRecognitionTrainers trainers = mlContext.SpeechRecognition.Trainers;
        SpeechRecognitionTransformer model = UsageException.Catch(() =>
        {
            SpeechRecognitionTrainer trainer = request.Algorithm == Algorithm.Lstm ? trainers.Lstm(options) : trainers.HLstm(options);
            IDataView train = features.Transform(request.Train);
            return request.Initial is null ? trainer.Fit(train) : trainer.Fit(train, ModelChain.Find<SpeechRecognitionTransformer>(request.Initial));
        });
        ITransformer chain = ModelChain.Chain([.. ModelChain.Flatten(features), model]);
        ShowSearch(model);
        return new TrainedModel(chain, request.Algorithm, options, model.History, model.Statistics, model.Report);
    }

    public SequenceExperiment CreateExperiment(MLContext mlContext, ExperimentRequest request)
    {
        var options = new SpeechRecognitionOptions { LabelColumnName = nameof(SpeechRow.Transcript), FeatureColumnName = SpeechOptions.Frames, WordTimesColumnName = SpeechOptions.WordTimes };
        SequenceExperimentSettings<SpeechRecognitionOptions> settings = request.Settings(options, _options.Network);
        settings.Options.Decoding = _options.Given(request.Parse);
        settings.Features = Features(mlContext, request.Parse, null, request.Train);
        return UsageException.Catch(() => mlContext.SpeechRecognition.CreateExperiment(settings));
    }

    public Evaluation Evaluate(MLContext mlContext, ITransformer model, IDataView data, ParseResult parse) => SpeechEvaluation.Run(
        mlContext, WithDecoding(model, parse), data, parse.GetValue(_options.LowerCaseScore),
        parse.GetValue(_options.Worst) is >= 0 and int worst ? worst : throw new UsageException($"{_options.Worst.Name} is {parse.GetValue(_options.Worst)}; allowed is 0 and more."));

    public ITransformer WithPrecision(ITransformer model, WeightPrecision precision) =>
        ModelChain.Change<SpeechRecognitionTransformer>(model, recognising => recognising.WithPrecision(precision));

    public ITransformer Convert(MLContext mlContext, ITransformer model, ParseResult parse)
    {
        model = UsageException.Catch(() => ModelChain.Change<SpeechRecognitionTransformer>(model, recognising => _language.Apply(parse, recognising, parse.GetValue(_lowerCase))));
        string? given = _options.Decoding.Given(parse).FirstOrDefault();
        if (parse.GetValue(_tuningData) is not { Length: > 0 } paths)
        {
            if (parse.Given(DataOptions).FirstOrDefault() is { } lonely)
                throw new UsageException($"{lonely} has no effect without --data.");
            return given is null ? model : WithDecoding(model, parse);
        }

        if (given is not null)
            throw new UsageException($"{given} and --data both say how to search; one is allowed.");
        IDataView data = Frames(model).Transform(LoadData(mlContext, paths, DataUse.Evaluation, parse));
        ITransformer tuned = UsageException.Catch(() => ModelChain.Change<SpeechRecognitionTransformer>(model, recognising => recognising.WithTunedDecoding(data, lowerCase: parse.GetValue(_lowerCase))));
        ShowSearch(tuned);
        return tuned;
    }

    public Func<string, IReadOnlyList<ScoredText>> CreatePredictor(MLContext mlContext, ITransformer model, ParseResult parse)
    {
        model = WithDecoding(model, parse);
        PredictionEngine<SpeechInput, SpeechPrediction> engine = mlContext.Model.CreatePredictionEngine<SpeechInput, SpeechPrediction>(model);
        bool times = parse.GetValue(_options.ShowWordTimes), alternatives = parse.GetResult("--alternatives") is not null;
        if (times && alternatives)
            throw new UsageException($"{_options.ShowWordTimes.Name} has no effect with --alternatives; one of them is allowed.");
        return path =>
        {
            SpeechPrediction prediction = engine.Predict(new SpeechInput { Audio = path });
            return alternatives
                ? [.. prediction.Alternatives.Zip(prediction.AlternativeScores, (text, score) => new ScoredText(text, score))]
                : [new ScoredText(times ? prediction.TextWithTimes() : prediction.PredictedTranscript, prediction.Score)];
        };
    }

    private ITransformer WithDecoding(ITransformer model, ParseResult parse) => UsageException.Catch(() => ModelChain.Change<SpeechRecognitionTransformer>(
        model, recognising => recognising.WithDecoding(_options.Apply(parse, recognising.Decoding))));

    private static void ShowSearch(ITransformer model) =>
        Console.WriteLine($"Search: {SpeechOptions.Text(ModelChain.Find<SpeechRecognitionTransformer>(model).Decoding)}");

    private static TransformerChain<ITransformer> Frames(ITransformer model) => ModelChain.Chain(ModelChain.Flatten(model).Where(part => part is not SpeechRecognitionTransformer));

    /// <summary>From audio files to frames; a model that is trained on keeps its own.</summary>
    private ITransformer Features(MLContext mlContext, ParseResult parse, ITransformer? start, IDataView train)
    {
        if (start is { } initial)
        {
            if (_options.Spectrogram.Given(parse).FirstOrDefault() is { } name)
                throw new UsageException($"{name} has no effect with --initial: that model has its spectrogram.");
            return Frames(initial);
        }

        // Triangles of 80 bands are narrow at low frequencies: they need more frequencies than a frame has samples.
        SpectrogramOptions spectrogram = _options.Spectrogram.Apply(parse, new SpectrogramOptions { Features = SpectrogramFeatures.LogMel, MelBands = 80, FftLength = 1024 });
        return UsageException.Catch(() => mlContext.Transforms.LoadAudio(SpeechOptions.Waveform, nameof(SpeechRow.Audio))
            .Append(mlContext.Transforms.ComputeSpectrogram(SpeechOptions.Frames, SpeechOptions.Waveform, spectrogram))
            .Fit(train));
    }
}
