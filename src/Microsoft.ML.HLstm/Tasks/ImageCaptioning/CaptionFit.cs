using Microsoft.ML.HLstm.Featurizers;
using Microsoft.ML.HLstm.GrowAndPrune;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Reports;
using Microsoft.ML.HLstm.Training;
using Microsoft.ML.Runtime;
using TorchSharp;

namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>From captioned pictures to a trained model.</summary>
internal sealed class CaptionFit(ImageCaptioningOptions options, FeatureShape features, int seed, IChannel log)
{
    private readonly Random _random = new(seed);

    /// <summary>
    /// Learns the vocabulary, trains, and hands the model over with its report. With an <paramref name="initial"/> model it
    /// takes that one's vocabulary and goes on from its weights.
    /// </summary>
    /// <exception cref="ArgumentException">The initial model has another shape.</exception>
    /// <exception cref="InvalidOperationException">No word is frequent enough, or there is no picture to hold out.</exception>
    public (CaptionModel Model, TrainingReport Report) Run(CaptionedImages train, CaptionedImages? validation, CaptionModel? initial)
    {
        if (validation is null)
            (train, validation) = train.Split(options.ValidationFraction, _random);
        if (validation.ByImage().Count is var pictures && pictures < CaptionedImages.LeastValidation)
            throw new InvalidOperationException($"The validation data has {pictures} different picture; at least {CaptionedImages.LeastValidation} are needed.");
        TextVocabulary vocabulary = initial?.Vocabulary ?? Learn(train);
        CaptionExample[] examples = Encode(train, vocabulary);
        int threadsBefore = torch.get_num_threads();
        torch.set_num_threads(options.Threads ?? 1);
        try
        {
            var validator = new CaptionValidation(validation, vocabulary, options.Decoding.MaximumLength, options.Threads ?? Environment.ProcessorCount);
            using var generator = new torch.Generator((ulong)seed);
            using var network = new CaptionNetwork(Shape(vocabulary), options.Dropout, generator);
            if (initial is not null)
                CaptionImport.Load(network, initial.Weights);
            var run = new TrainingRun(new CaptionTraining(network, examples, validator.Metric, options), options, _random, log);
            run.Train(goOn: initial is not null);
            log.Info(run.History.ToTable());
            CaptionWeights trained = CaptionExport.Weights(network), compacted = Compaction.Compact(trained, run.Pattern);
            CaptionModel model = new CaptionModel(vocabulary, compacted, features, trained.RecurrentParametersDense, trained.ParametersDense).At(options.Precision);
            return (model, ReportBuilder.Make("Image captioning", options, seed, run, model.Statistics, trained.Decoder, compacted.Decoder));
        }
        finally
        {
            torch.set_num_threads(threadsBefore);
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

    private CaptionShape Shape(TextVocabulary vocabulary)
    {
        var gates = new GateNetworkOptions(options.GateHiddenLayers, options.GateHiddenLayers == 0 ? 0 : options.GateHiddenSize ?? options.StateSize,
            options.GateActivation, options.ShareGateHidden, options.GateDropout);
        return new CaptionShape(features.Width, vocabulary.Count, options.EmbeddingSize, options.StateSize, options.Layers, options.Attention, options.TieOutputEmbedding, gates);
    }
}
