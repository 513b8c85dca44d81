using Microsoft.ML.HLstm.Featurizers;
using Microsoft.ML.HLstm.GrowAndPrune;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Reports;
using Microsoft.ML.HLstm.Training;
using Microsoft.ML.HLstm.Training.Checkpoints;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>From sentence pairs to a trained model.</summary>
internal sealed class TranslationFit(TranslationOptions options, int seed, IChannel log, TrainingCheckpoints? checkpoints = null)
{
    /// <summary>
    /// Learns vocabularies, trains, and hands the model over with its report. With an <paramref name="initial"/> model it
    /// extends that one's vocabularies and goes on from its weights.
    /// </summary>
    /// <exception cref="ArgumentException">The initial model has another shape.</exception>
    /// <exception cref="CheckpointException">The checkpoint is of another run.</exception>
    public (TranslationModel Model, TrainingReport Report) Run(ParallelText train, ParallelText? validation, TranslationModel? initial)
    {
        using var random = new RandomStreams(seed);
        checkpoints?.Begin(new RunIdentity(seed, OptionList.Deciding(options, options.Teachers.Select(teacher => teacher.Model.Fingerprint())), DataFingerprint.Of(train.AddTo, validation is null ? null : validation.AddTo), initial?.Fingerprint() ?? 0), random);
        if (validation is null)
            (train, validation) = train.Split(options.ValidationFraction, random.Order);
        TextVocabulary source = Vocabulary(initial?.Source, train.Sources, "source"), target = Vocabulary(initial?.Target, train.Targets, "target");
        SentencePair[] pairs = train.Encode(source, target, options.MaximumLength, "training data", log);
        // Scoring cuts them; this says so, once.
        _ = validation.Encode(source, target, options.MaximumLength, "validation data", log);
        LexicalShortlist? shortlist = options.ShortlistSize == 0 ? null : LexicalShortlist.Learn(pairs, source, target, options.ShortlistSize);
        TranslationModel Model(TranslationWeights weights, TranslationWeights whole) =>
            new(source, target, weights, options.MaximumLength, whole.RecurrentParametersDense, whole.ParametersDense, shortlist);
        using TorchThreads threads = TorchThreads.Use(options.Threads ?? 1);
        try
        {
            var validator = new TranslationValidation(validation, weights => Model(weights, weights), options);
            using var network = new TranslationNetwork(Shape(source, target, initial), options.Dropout, random.Network);
            if (initial is not null)
                TranslationImport.Load(network, initial.Weights);
            var training = new TranslationTraining(network, pairs, validator, options);
            var run = new TrainingRun(training, options, random.Order, log, checkpoints: checkpoints);
            if (options.Teachers.Count > 0)
            {
                log.Info($"{options.Teachers.Count} teachers predict the training data.");
                using var teachers = new TranslationTeachers([.. options.Teachers.Select(teacher => teacher.Model)], train.Sources, pairs, target);
                training.LearnFrom(teachers, options.TeacherShare, run.Preparation);
            }

            run.Train(goOn: initial is not null);
            log.Info(run.History.ToTable());
            TranslationWeights trained = TranslationExport.Weights(network), compacted = Compaction.Compact(trained, run.Pattern);
            TranslationModel model = Model(compacted, trained).At(options.Precision);
            return (model, ReportBuilder.Make("Translation", options, seed, run, model.Statistics, trained.Cells, compacted.Cells));
        }
        finally
        {
            Networks.Kernels.FloatBuffer.Trim();
        }
    }

    private TextVocabulary Vocabulary(TextVocabulary? initial, IReadOnlyList<string> sentences, string name)
    {
        if (initial is null)
            return Learn(sentences);
        TextVocabulary extended = initial.Extend(sentences, options.VocabularySize, options.FrequencyCutoff);
        log.Info($"The initial model's {name} vocabulary has {initial.Count} entries; {extended.Count - initial.Count} are added.");
        return extended;
    }

    private TextVocabulary Learn(IReadOnlyList<string> sentences) => options.Subwords
        ? SubwordVocabulary.Learn(sentences, options.LowerCase, options.VocabularySize)
        : WordVocabulary.Learn(sentences, options.LowerCase, options.FrequencyCutoff, options.VocabularySize);

    private TranslationShape Shape(TextVocabulary source, TextVocabulary target, TranslationModel? initial)
    {
        return new TranslationShape(source.Count, target.Count, options.EmbeddingSize, options.StateSize, options.EncoderLayers,
            options.DecoderLayers, options.Bidirectional, options.InputFeeding, options.TieOutputEmbedding, GateNetworkOptions.Of(options, initial?.Weights.Cells));
    }
}
