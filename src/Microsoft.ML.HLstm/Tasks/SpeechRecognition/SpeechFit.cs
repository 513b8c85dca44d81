using Microsoft.ML.HLstm.GrowAndPrune;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Inference.Ctc;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Reports;
using Microsoft.ML.HLstm.Training;
using Microsoft.ML.HLstm.Training.Checkpoints;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>From recordings with transcripts to a trained model.</summary>
internal sealed class SpeechFit(SpeechRecognitionOptions options, SpeechFrames frames, int seed, IChannel log, TrainingCheckpoints? checkpoints)
{
    /// <summary>
    /// Reads the data, learns the alphabet and the language model, trains, and hands the model over with its report. With an
    /// <paramref name="initial"/> model it takes that one's alphabet, and its language model unless the options ask for one,
    /// and goes on from its weights.
    /// </summary>
    /// <exception cref="ArgumentException">The initial model has another shape, or no word of the word list can be written.</exception>
    /// <exception cref="InvalidDataException">The word list or the language model is no such file.</exception>
    /// <exception cref="InvalidOperationException">There are no usable rows.</exception>
    public (SpeechModel Model, CtcDecodingOptions Decoding, TrainingReport Report) Run(IDataView trainingData, SpeechModel? initial)
    {
        IReadOnlyList<string> listed = options.WordListFile is { } path ? WordListFile.Read(path, options.LowerCase) : [];
        SpeechTranscripts train = SpeechTranscripts.Read(trainingData, "training data", frames.Width, options, log);
        SpeechTranscripts? held = options.ValidationSet is { } validationData
            ? SpeechTranscripts.Read(validationData, "validation data", frames.Width, options, log) : null;
        using var random = new RandomStreams(seed);
        checkpoints?.Begin(new RunIdentity(seed, OptionList.Deciding(options, options.Teachers.Select(teacher => teacher.Model.Fingerprint())), DataFingerprint.Of(train.AddTo, held is null ? null : held.AddTo), initial?.Fingerprint() ?? 0), random);
        if (held is null)
            (train, held) = train.Split(options.ValidationFraction, random.Order);
        CtcAlphabet alphabet = initial?.Language.Alphabet ?? train.Alphabet();
        SpeechShape shape = Shape(alphabet.Count, initial);
        Utterance[] utterances = train.Encode(alphabet, shape, log);
        SpeechTeachers.Check([.. options.Teachers.Select(teacher => teacher.Model)], alphabet, shape);
        SpeechLanguage language = Language(train, alphabet, Known(listed, alphabet), initial?.Language);
        // What scoring would refuse is refused before training starts.
        _ = language.Scorer((options.Decoding ?? new CtcDecodingOptions()) with { PriorWeight = 0 });

        using TorchThreads threads = TorchThreads.Use(options.Threads ?? 1);
        try
        {
            var validation = new SpeechValidation(held, language, options.Decoding, options.Threads ?? Environment.ProcessorCount);
            using var network = new SpeechNetwork(shape, options.Dropout, random.Network);
            if (initial is not null)
                SpeechImport.Load(network, initial.Weights);
            using var training = new SpeechTraining(network, utterances, validation.WordAccuracy, options, random.Changes);
            var run = new TrainingRun(training, options, random.Order, log, checkpoints: checkpoints);
            if (options.Teachers.Count > 0)
                training.LearnFrom(new SpeechTeachers(options.Teachers.Select(teacher => teacher.Model.Weights), options.TeacherShare));
            if (options.MutualInformationWeight > 0)
                training.Discriminate(new MutualInformation(train.Texts, alphabet, options.MutualInformationWeight));
            if (options.WordReplacement > 0)
                training.ReplaceWords(alphabet, random.Changes, knowsWords: initial is not null);

            run.Train(goOn: initial is not null);
            if (options.WordReplacement > 0 && run.HasTrained && !training.ReplacesWords)
                log.Warning($"No words were replaced, although {nameof(options.WordReplacement)} is {options.WordReplacement}: the network never came to know enough of them to find them.");
            log.Info(run.History.ToTable());
            SpeechWeights trained = SpeechExport.Weights(network), compacted = Compaction.Compact(trained, run.Pattern);
            SpeechModel model = new SpeechModel(language, frames, compacted, trained.RecurrentParametersDense, trained.ParametersDense).At(options.Precision);
            (SpeechLanguage known, CtcDecodingOptions decoding) = validation.Search(model, run.Preparation, log, options.CancellationToken);
            return (model.With(known), decoding, ReportBuilder.Make("Speech recognition", options, seed, run, model.Statistics, trained.Cells, compacted.Cells));
        }
        finally
        {
            Networks.Kernels.FloatBuffer.Trim();
        }
    }

    private SpeechLanguage Language(SpeechTranscripts train, CtcAlphabet alphabet, IReadOnlyList<string> listed, SpeechLanguage? initial)
    {
        NGramLanguageModel? model = initial?.Model;
        if (options.LanguageModelFile is { } file)
            model = NGramLanguageModel.LoadArpa(file, options.LanguageModelUnit);
        else if (options.LanguageModelOrder > 0)
        {
            model = NGramLanguageModel.Estimate(train.Texts, options.LanguageModelOrder, options.LanguageModelUnit, options.LanguageModelClasses,
                options.LanguageModelUnit == LanguageModelUnit.Word ? listed : [], Preparation.Before(options, SpeechTraining.Metric));
        }

        return new SpeechLanguage(alphabet, [.. train.Words().Union(listed).Union(initial?.Words ?? []).Order(StringComparer.Ordinal)], model);
    }

    /// <summary>The words that the network can write.</summary>
    /// <exception cref="ArgumentException">There are words, and none of them.</exception>
    private string[] Known(IReadOnlyList<string> listed, CtcAlphabet alphabet)
    {
        string[] known = alphabet.Writable(listed), others = [.. listed.Except(known)];
        if (others.Length == 0)
            return known;
        string which = $"{string.Join(", ", others.Take(5).Select(word => $"'{word}'"))}{(others.Length > 5 ? ", ..." : "")}";
        if (known.Length == 0)
            throw new ArgumentException($"The option {nameof(options.WordListFile)} is '{options.WordListFile}', and of its {listed.Count} words 0 have only characters of the transcripts ({which}); letters have the case of the transcripts.");
        log.Warning($"{others.Length} of {listed.Count} words of '{options.WordListFile}' are left out, because the transcripts do not have all of their characters: {which}.");
        return known;
    }

    private SpeechShape Shape(int labels, SpeechModel? initial)
    {
        return new SpeechShape(frames.Width, labels, options.Convolutions, options.StateSize, options.Layers, options.Bidirectional, options.SumDirections, GateNetworkOptions.Of(options, initial?.Weights.Cells));
    }
}
