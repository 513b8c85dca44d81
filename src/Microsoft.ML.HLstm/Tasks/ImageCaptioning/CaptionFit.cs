using Microsoft.ML.HLstm.Featurizers;
using Microsoft.ML.HLstm.GrowAndPrune;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Reports;
using Microsoft.ML.HLstm.Training;
using Microsoft.ML.HLstm.Training.Checkpoints;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>From captioned pictures to a trained model.</summary>
internal sealed class CaptionFit(ImageCaptioningOptions options, FeatureShape features, int seed, IChannel log, TrainingCheckpoints? checkpoints)
{
    /// <summary>
    /// Learns the vocabulary, trains, and hands the model over with its report. With an <paramref name="initial"/> model it
    /// takes that one's vocabulary and goes on from its weights.
    /// </summary>
    /// <exception cref="ArgumentException">The initial model has another shape.</exception>
    /// <exception cref="InvalidOperationException">No word is frequent enough, or there is no picture to hold out.</exception>
    public (CaptionModel Model, TrainingReport Report) Run(CaptionedImages train, CaptionedImages? validation, CaptionModel? initial)
    {
        using var random = new RandomStreams(seed);
        checkpoints?.Begin(new RunIdentity(seed, OptionList.Deciding(options), DataFingerprint.Of(train.AddTo, validation is null ? null : validation.AddTo), initial?.Fingerprint() ?? 0), random);
        if (validation is null)
            (train, validation) = train.Split(options.ValidationFraction, random.Order);
        if (validation.ByImage().Count is var pictures && pictures < CaptionedImages.LeastValidation)
            throw new InvalidOperationException($"The validation data has {pictures} different picture; at least {CaptionedImages.LeastValidation} are needed.");
        TextVocabulary vocabulary = initial?.Vocabulary ?? Learn(train);
        CaptionExample[] examples = Encode(train, vocabulary);
        CaptionModel Model(CaptionWeights weights, CaptionWeights whole) => new(vocabulary, weights, features, whole.RecurrentParametersDense, whole.ParametersDense);
        using TorchThreads threads = TorchThreads.Use(options.Threads ?? 1);
        try
        {
            var validator = new CaptionValidation(validation, weights => Model(weights, weights), options);
            using var network = new CaptionNetwork(Shape(vocabulary, initial), options.Dropout, random.Network);
            if (initial is not null)
                CaptionImport.Load(network, initial.Weights);
            var run = new TrainingRun(new CaptionTraining(network, examples, validator.Metric, options), options, random.Order, log, checkpoints: checkpoints);
            run.Train(goOn: initial is not null);
            log.Info(run.History.ToTable());
            CaptionWeights trained = CaptionExport.Weights(network), compacted = Compaction.Compact(trained, run.Pattern);
            CaptionModel model = Model(compacted, trained).At(options.Precision);
            return (model, ReportBuilder.Make("Image captioning", options, seed, run, model.Statistics, trained.Decoder, compacted.Decoder));
        }
        finally
        {
            Networks.Kernels.FloatBuffer.Trim();
        }
    }

    private WordVocabulary Learn(CaptionedImages train)
    {
        var vocabulary = WordVocabulary.Learn(train.Captions.Select(caption => CaptionText.Normalize(caption.Text, options.LowerCase)), options.LowerCase, options.FrequencyCutoff);
        return vocabulary.Count > TextVocabulary.Reserved
            ? vocabulary
            : throw new InvalidOperationException($"No word of the training captions occurs {options.FrequencyCutoff} times ({nameof(options.FrequencyCutoff)}); at least one must.");
    }

    private CaptionExample[] Encode(CaptionedImages train, TextVocabulary vocabulary)
    {
        var examples = new CaptionExample[train.Captions.Count];
        int cut = 0;
        for (int i = 0; i < examples.Length; i++)
        {
            ImageCaption caption = train.Captions[i];
            int[] tokens = vocabulary.Encode(CaptionText.Normalize(caption.Text, vocabulary.LowerCase));
            cut += tokens.Length > options.MaximumLength ? 1 : 0;
            examples[i] = new CaptionExample(caption.Row, caption.Image, tokens.Length > options.MaximumLength ? tokens[..options.MaximumLength] : tokens);
        }

        if (cut > 0)
            log.Warning($"{cut} captions of the training data are longer than {nameof(options.MaximumLength)} ({options.MaximumLength} words) and are cut.");
        return examples;
    }

    private CaptionShape Shape(TextVocabulary vocabulary, CaptionModel? initial)
    {
        return new CaptionShape(features.Width, vocabulary.Count, options.EmbeddingSize, options.StateSize, options.Layers, options.Attention, options.TieOutputEmbedding, GateNetworkOptions.Of(options, initial?.Weights.Decoder));
    }
}
