using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.HLstm;
using Samples.Commands;

namespace Samples.Caption;

/// <summary>Images to sentences: a convolutional network makes features, recurrent layers make words of them.</summary>
internal sealed class CaptionTask : ISampleTask
{
    private readonly CaptionOptions _options = new();

    public string Name => "caption";

    public string Description => "Describes images in a sentence.";

    public string DataDescription => "The folder of images, the file of captions (Flickr8k's, MSCOCO's, or A. Karpathy's splits), and a list of images or a split";

    public int MostDataFiles => 3;

    public string RowName => "image";

    public string InputDescription => "the path of an image";

    public string? ShippedModel => null;

    public bool LowerMetricIsBetter => false;

    public IEnumerable<Option> DataOptions => [_options.Cache, _options.SkipInvalid];

    public IEnumerable<Option> TrainOptions => [.. _options.OfCnn, .. _options.Network.Options];

    public IEnumerable<Option> EvaluateOptions => _options.Decoding.Options;

    public IEnumerable<Option> PredictOptions => [_options.Html, .. _options.Decoding.Options];

    public IEnumerable<Command> FurtherCommands => [];

    public bool HoldsOut(ParseResult parse) => false;

    public IDataView LoadData(MLContext mlContext, IReadOnlyList<string> paths, DataUse use, ParseResult parse) =>
        mlContext.Data.LoadFromEnumerable(CaptionFiles.Read(paths));

    public TrainedModel Train(MLContext mlContext, TrainingRequest request)
    {
        ImageFeaturesTransformer features = Features(mlContext, request.Parse, request.Initial, request.Train);
        ImageCaptioningOptions options = _options.Network.Apply(request.Parse, request.Configure(new ImageCaptioningOptions
        {
            LabelColumnName = nameof(CaptionedImage.Captions),
            FeatureColumnName = ImageFeatures.NameOf(features),
            SkipInvalidImages = features.SkipInvalidImages,
        }));
        options.ValidationSet = request.Validation is { } validation ? features.Transform(validation) : null;
        ImageCaptioningTrainers trainers = mlContext.ImageCaptioning.Trainers;
        ImageCaptioningTransformer model = ImageFeatures.Checked(() => UsageException.Catch(() =>
        {
            ImageCaptioningTrainer trainer = request.Algorithm == Algorithm.Lstm ? trainers.Lstm(options) : trainers.HLstm(options);
            IDataView train = features.Transform(request.Train);
            return request.Initial is null ? trainer.Fit(train) : trainer.Fit(train, ModelChain.Find<ImageCaptioningTransformer>(request.Initial));
        }));
        return new TrainedModel(ModelChain.Chain([features, model]), request.Algorithm, options, model.History, model.Statistics, model.Report);
    }

    public SequenceExperiment CreateExperiment(MLContext mlContext, ExperimentRequest request)
    {
        ImageFeaturesTransformer features = Features(mlContext, request.Parse, null, request.Train);
        SequenceExperimentSettings<ImageCaptioningOptions> settings = request.Settings(new ImageCaptioningOptions
        {
            LabelColumnName = nameof(CaptionedImage.Captions),
            FeatureColumnName = ImageFeatures.NameOf(features),
            SkipInvalidImages = features.SkipInvalidImages,
        }, _options.Network);
        settings.Features = features;
        return UsageException.Catch(() => mlContext.ImageCaptioning.CreateExperiment(settings));
    }

    public Evaluation Evaluate(MLContext mlContext, ITransformer model, IDataView data, ParseResult parse)
    {
        ITransformer cached = ModelChain.Change<ImageFeaturesTransformer>(WithDecoding(model, parse), features => features.WithCache(Cache(parse), parse.GetValue(_options.SkipInvalid)));
        return ImageFeatures.Checked(() => CaptionEvaluation.Run(mlContext, cached, data));
    }

    public ITransformer WithPrecision(ITransformer model, WeightPrecision precision) =>
        ModelChain.Change<ImageCaptioningTransformer>(model, captioning => captioning.WithPrecision(precision));

    public Func<string, IReadOnlyList<ScoredText>> CreatePredictor(MLContext mlContext, ITransformer model, ParseResult parse)
    {
        model = ModelChain.Change<ImageFeaturesTransformer>(WithDecoding(model, parse), features => features.WithCache(null, skipInvalidImages: false));
        bool alternatives = parse.GetResult("--alternatives") is not null;
        // The page shows what else the search has found.
        if (parse.GetValue(_options.Html) is not null && !alternatives)
            model = ModelChain.Change<ImageCaptioningTransformer>(model, captioning => captioning.WithDecoding(captioning.Decoding with { Alternatives = captioning.Decoding.BeamWidth }));
        PredictionEngine<CaptionInput, CaptionPrediction> engine = mlContext.Model.CreatePredictionEngine<CaptionInput, CaptionPrediction>(model);
        CaptionPage? page = parse.GetValue(_options.Html) is { } file ? new CaptionPage(OutputPath.ForFile(file)) : null;
        return path =>
        {
            CaptionPrediction prediction = ImageFeatures.Checked(() => engine.Predict(new CaptionInput { ImagePath = path }));
            IReadOnlyList<ScoredText> found = prediction.Found();
            page?.Add(path, found);
            return alternatives ? found : [found[0]];
        };
    }

    private ITransformer WithDecoding(ITransformer model, ParseResult parse) => UsageException.Catch(() => ModelChain.Change<ImageCaptioningTransformer>(
        model, captioning => captioning.WithDecoding(_options.Decoding.Apply(parse, captioning.Decoding))));

    private string? Cache(ParseResult parse) => parse.GetValue(_options.Cache) is { } folder ? OutputPath.ForFolder(folder) : null;

    /// <summary>From the path of an image to features; a model that is trained on keeps its own.</summary>
    private ImageFeaturesTransformer Features(MLContext mlContext, ParseResult parse, ITransformer? start, IDataView train)
    {
        (string? cache, bool skipInvalid) = (Cache(parse), parse.GetValue(_options.SkipInvalid));
        string? file = parse.GetValue(_options.Cnn);
        if (start is { } initial)
        {
            return parse.Given(_options.OfCnn).FirstOrDefault() is { } given
                ? throw new UsageException($"{given} has no effect with --initial: that model has its network.")
                : ModelChain.Find<ImageFeaturesTransformer>(initial).WithCache(cache, skipInvalid);
        }

        if (file is null)
            throw new UsageException("--cnn is missing: the network that makes features of images.");
        var network = new CnnFile(file, parse.GetValue(_options.CnnOutput), parse.GetValue(_options.CnnSize));
        IEstimator<ITransformer> featurizer = network.CreateFeaturizer(mlContext, nameof(CaptionedImage.ImagePath), parse.GetValue(_options.CnnScale), parse.GetValue(_options.CnnOffset));
        return mlContext.Transforms.ExtractImageFeatures(network.Output, nameof(CaptionedImage.ImagePath), featurizer, cache, skipInvalid).Fit(train);
    }
}
