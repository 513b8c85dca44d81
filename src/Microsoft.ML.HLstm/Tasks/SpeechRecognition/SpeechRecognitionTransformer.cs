using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.HLstm;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Inference.Ctc;
using Microsoft.ML.HLstm.Inference.LanguageModels;
using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.HLstm.Tasks;
using Microsoft.ML.HLstm.Tasks.SpeechRecognition;
using Microsoft.ML.HLstm.Training;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(SpeechRecognitionTransformer), null, typeof(SignatureLoadModel),
    "H-LSTM speech recognition", SpeechRecognitionTransformer.LoaderSignature)]

namespace Microsoft.ML.HLstm;

/// <summary>Writes down what is said in a column of frames with a trained network, in managed code.</summary>
/// <remarks>
/// No frames give the empty transcript with score 0. Numbers that are not whole frames, or are not finite, throw
/// <see cref="InvalidOperationException"/> when the row is read.
/// </remarks>
public sealed class SpeechRecognitionTransformer : TrainedTransformerBase
{
    /// <summary>Default name of the column of transcripts.</summary>
    public const string PredictedColumnName = "PredictedTranscript";

    internal const string LoaderSignature = "HLstmSpeech";

    private readonly CtcScorer _objective;

    internal SpeechRecognitionTransformer(IHost host, SequenceColumns columns, SpeechModel model, CtcDecodingOptions decoding, TrainingReport? report)
        : base(host, columns, report)
    {
        (Model, Decoding) = (model, decoding);
        _objective = model.Language.Scorer(decoding);
    }

    /// <inheritdoc/>
    public override ModelStatistics Statistics => Model.Statistics;

    /// <inheritdoc/>
    public override WeightPrecision Precision => Model.Weights.Precision;

    /// <summary>How transcripts are searched for.</summary>
    public CtcDecodingOptions Decoding { get; }

    /// <summary>The language model that is saved with the model; null if there is none.</summary>
    public NGramLanguageModel? LanguageModel => Model.Language.Model;

    /// <summary>The words that <see cref="CtcDecodingOptions.RestrictToWordList"/> allows: those of the training transcripts and of <see cref="SpeechRecognitionOptions.WordListFile"/>.</summary>
    public IReadOnlyList<string> Words => Model.Language.Words;

    /// <summary>The same model with another search.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <exception cref="ArgumentException">There is a <see cref="CtcDecodingOptions.PriorWeight"/>, and the search of the model was never tuned (<see cref="WithTunedDecoding"/>).</exception>
    public SpeechRecognitionTransformer WithDecoding(CtcDecodingOptions decoding)
    {
        ArgumentNullException.ThrowIfNull(decoding);
        return new SpeechRecognitionTransformer(Host, Columns, Model, decoding, Report);
    }

    /// <summary>
    /// The same model with the search that makes the fewest word errors on some data: how much the language model counts, what makes up for it, how much
    /// of what is frequent is taken away, and whether only <see cref="Words"/> are allowed; greedy where no search helps. Of more than 60,000 frames a share is used.
    /// </summary>
    /// <param name="data">Recordings that the model was not trained on, with what is said in them, in the model's columns.</param>
    /// <param name="labelColumnName">The column of what is said; null for that of the training.</param>
    /// <param name="lowerCase">True when transcripts are lower-cased first, as <see cref="SpeechRecognitionOptions.LowerCase"/> does in training.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or is not of its type.</exception>
    /// <exception cref="InvalidOperationException">There are no usable rows.</exception>
    public SpeechRecognitionTransformer WithTunedDecoding(IDataView data, string? labelColumnName = null, bool lowerCase = false)
    {
        ArgumentNullException.ThrowIfNull(data);
        var options = new SpeechRecognitionOptions
        {
            FeatureColumnName = Columns.Inputs[0].Name,
            LabelColumnName = labelColumnName ?? LabelName,
            LowerCase = lowerCase,
        };
        MakeLabel(options.LabelColumnName).Find(Host, data.Schema);
        Columns.FindInputs(Host, data.Schema);
        using IChannel log = Host.Start("Tuning");
        var validation = new SpeechValidation(SpeechTranscripts.Read(data, "data", Model.Frames.Width, options, log), Model.Language, given: null, Environment.ProcessorCount);
        (SpeechLanguage known, CtcDecodingOptions decoding) = validation.Search(Model, new Preparation(default), log, default);
        return new SpeechRecognitionTransformer(Host, Columns, Model.With(known), decoding, Report);
    }

    /// <summary>The same model with another language model, or with none.</summary>
    /// <exception cref="ArgumentException">The search counts words, and none of the language model can be written with the model's characters.</exception>
    public SpeechRecognitionTransformer WithLanguageModel(NGramLanguageModel? languageModel) =>
        new(Host, Columns, Model.With(Model.Language with { Model = languageModel }), Decoding, Report);

    /// <summary>The same model with other <see cref="Words"/>. A language model that knows them is set by <see cref="WithLanguageModel"/>.</summary>
    /// <param name="words">All that are allowed. Those that cannot be written with the model's characters are never recognised.</param>
    /// <exception cref="ArgumentException">A word is empty or has white space, or the search allows only these words and none can be written with the model's characters.</exception>
    public SpeechRecognitionTransformer WithWords(IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        string[] different = [.. words.Select(word => NGramTokens.CheckWord(word, nameof(words))).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return new SpeechRecognitionTransformer(Host, Columns, Model.With(Model.Language with { Words = different }), Decoding, Report);
    }

    /// <summary>The same model with the words of a file beside its own <see cref="Words"/>, as with <see cref="SpeechRecognitionOptions.WordListFile"/> in training.</summary>
    /// <param name="path">The file: one word a line, or a pronouncing dictionary.</param>
    /// <param name="lowerCase">True lower-cases the words first, for a model of lower-cased transcripts.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file has no words, or none that can be written with the model's characters; those that cannot be are left out.</exception>
    public SpeechRecognitionTransformer WithWordList(string path, bool lowerCase = false)
    {
        OptionChecks.NotEmpty(path, nameof(path));
        IReadOnlyList<string> listed = WordListFile.Read(path, lowerCase);
        string[] known = Model.Language.Alphabet.Writable(listed);
        return known.Length > 0 ? WithWords(Words.Concat(known))
            : throw new InvalidDataException($"The word list '{Path.GetFileName(path)}' has {listed.Count} words ('{listed[0]}', ...), of which 0 have only characters of the model; letters have the case of its transcripts.");
    }

    /// <summary>
    /// The same model with its weights rounded to another precision, without training again. Connections stay what they are.
    /// Rounded weights do not come back: to a higher precision they keep the values that they have.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The precision is none of the enum's.</exception>
    /// <exception cref="InvalidDataException">A weight is above 65,504 in magnitude and the precision is <see cref="WeightPrecision.Half"/>.</exception>
    public SpeechRecognitionTransformer WithPrecision(WeightPrecision precision)
    {
        OptionChecks.Defined(precision, nameof(precision));
        return new SpeechRecognitionTransformer(Host, Columns, Model.At(precision), Decoding, Report);
    }

    internal SpeechModel Model { get; }

    private protected override VersionInfo Version => FormatVersion(SpeechHeader.Format(Decoding));

    // Format 1: column names (that of word times may be left out), label name, model header, decoding; streams Vocabulary,
    // Weights and, if there are such, LanguageModel and Priors; on request, Report. Format 2: the weight of priors, too.
    private static VersionInfo FormatVersion(uint written) => MakeVersion(typeof(SpeechRecognitionTransformer), "HLSTMSPR", written, written, 1, LoaderSignature);

    internal static InputColumn MakeLabel(string name) => new("label", name, TextDataViewType.Instance);

    /// <summary>The columns; frames of null fit every width.</summary>
    internal static SequenceColumns MakeColumns(string feature, string label, SpeechFrames? frames, IReadOnlyList<string> outputs) => new(
        [SpeechFrames.Column(feature, frames)],
        [
            new OutputColumn(outputs[0], TextDataViewType.Instance, new Dictionary<string, string> { [ScoredColumns.LabelAnnotation] = label }),
            new OutputColumn(outputs[1], NumberDataViewType.Single),
            new OutputColumn(outputs[2], new VectorDataViewType(TextDataViewType.Instance)),
            .. outputs.Skip(3).Select(name => new OutputColumn(name, new VectorDataViewType(NumberDataViewType.Single))),
        ]);

    internal override SequenceScorer CreateScorer() => new SpeechRowScorer(Model, _objective, Columns.Inputs[0].Name);

    private protected override void WriteSettings(BinaryWriter writer) => SpeechHeader.Write(writer, Model, Decoding);

    private protected override void SaveStreams(ModelSaveContext ctx)
    {
        SaveStream(ctx, "Vocabulary", stream => SpeechHeader.WriteVocabulary(stream, Model.Language));
        SaveStream(ctx, "Weights", stream => WeightFileWriter.Write(stream, Model.Weights, Precision));
        if (LanguageModel is { } languageModel)
            SaveStream(ctx, "LanguageModel", stream => LanguageModelFile.Write(stream, languageModel));
        if (Model.Language.Priors is { } priors)
            SaveStream(ctx, "Priors", stream => SpeechHeader.WritePriors(stream, priors));
        SaveReport(ctx);
    }

    private static SpeechRecognitionTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        IHost host = env.Register(LoaderSignature);
        string[] names = LoadColumnNames(ctx, FormatVersion(SpeechHeader.NewestFormat), 5, 6);
        string label = ctx.LoadNonEmptyString();
        SpeechHeader header = LoadChecked(ctx, reader => SpeechHeader.Read(reader, ctx.Header.ModelVerWritten));
        var (alphabet, words) = LoadStream(ctx, "Vocabulary", SpeechHeader.ReadVocabulary);
        SpeechWeights weights = LoadStream(ctx, "Weights", stream => WeightFileReader.ReadSpeech(stream));
        NGramLanguageModel? languageModel = header.HasLanguageModel ? LoadStream(ctx, "LanguageModel", stream => LanguageModelFile.Read(stream)) : null;
        _ = TryLoadStream(ctx, "Priors", SpeechHeader.ReadPriors, out CtcPriors? priors);
        SpeechModel model = header.MakeModel(new SpeechLanguage(alphabet, words, languageModel, priors), weights);
        return Checked(ctx, new SpeechRecognitionTransformer(host, MakeColumns(names[0], label, header.Frames, names[1..]), model, header.Decoding, LoadReport(ctx)));
    }
}
