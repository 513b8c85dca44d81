using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.HLstm;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.HLstm.Tasks;
using Microsoft.ML.HLstm.Tasks.Translation;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(TranslationTransformer), null, typeof(SignatureLoadModel),
    "H-LSTM translation", TranslationTransformer.LoaderSignature)]

namespace Microsoft.ML.HLstm;

/// <summary>Translates a column of sentences with a trained network, in managed code.</summary>
/// <remarks>An empty sentence gives the empty translation with score 0. A sentence that is too long is cut, with a warning in the log.</remarks>
public sealed class TranslationTransformer : TrainedTransformerBase
{
    /// <summary>Default name of the column of translations.</summary>
    public const string PredictedColumnName = "PredictedTranslation";

    internal const string LoaderSignature = "HLstmTranslation";

    internal TranslationTransformer(IHost host, SequenceColumns columns, TranslationModel model, DecodingOptions decoding, TrainingReport? report)
        : base(host, columns, report) =>
        (Model, Decoding) = (model, decoding);

    /// <inheritdoc/>
    public override ModelStatistics Statistics => Model.Statistics;

    /// <inheritdoc/>
    public override WeightPrecision Precision => Model.Weights.Precision;

    /// <summary>How translations are searched for.</summary>
    public DecodingOptions Decoding { get; }

    /// <summary>The same model with another search.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    public TranslationTransformer WithDecoding(DecodingOptions decoding)
    {
        ArgumentNullException.ThrowIfNull(decoding);
        decoding.Validate();
        return new TranslationTransformer(Host, Columns, Model, decoding, Report);
    }

    /// <summary>
    /// The same model with its weights rounded to another precision, without training again. Connections stay what they are.
    /// Rounded weights do not come back: to a higher precision they keep the values that they have.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The precision is none of the enum's.</exception>
    /// <exception cref="InvalidDataException">A weight is above 65,504 in magnitude and the precision is <see cref="WeightPrecision.Half"/>.</exception>
    public TranslationTransformer WithPrecision(WeightPrecision precision)
    {
        OptionChecks.Defined(precision, nameof(precision));
        return new TranslationTransformer(Host, Columns, Model.At(precision), Decoding, Report);
    }

    /// <summary>
    /// Likely translations of each source token to which scoring is restricted (<see cref="TranslationOptions.ShortlistSize"/>); 0 where the whole
    /// vocabulary is scored.
    /// </summary>
    public int ShortlistSize => Model.Shortlist?.Size ?? 0;

    /// <summary>The same model with scoring restricted to likely translations, which are learned from data like that of the training.</summary>
    /// <param name="data">Translated sentences, in columns of the names that the model was trained with.</param>
    /// <param name="size">As <see cref="TranslationOptions.ShortlistSize"/>, from 1 to 1,000,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of its range, or a column is missing or is not text.</exception>
    /// <exception cref="InvalidOperationException">There are no usable rows.</exception>
    public TranslationTransformer WithShortlist(IDataView data, int size)
    {
        Host.CheckValue(data, nameof(data));
        OptionChecks.InRange(size, 1, 1_000_000, nameof(size));
        MakeLabel(LabelName).Find(Host, data.Schema);
        Columns.FindInputs(Host, data.Schema);
        using IChannel log = Host.Start("Shortlist");
        var options = new TranslationOptions { FeatureColumnName = Columns.Inputs[0].Name, LabelColumnName = LabelName };
        SentencePair[] pairs = ParallelText.Read(data, "data of the shortlist", options, log).Encode(Model.Source, Model.Target, Model.MaximumLength, "data of the shortlist", log);
        return With(LexicalShortlist.Learn(pairs, Model.Source, Model.Target, size));
    }

    /// <summary>The same model, which scores the whole vocabulary.</summary>
    public TranslationTransformer WithoutShortlist() => With(null);

    internal TranslationModel Model { get; }

    private protected override VersionInfo Version => FormatVersion;

    // Format 1: column names, label name, model header, decoding; streams Vocabularies, Weights and, on request, Shortlist and Report.
    private static VersionInfo FormatVersion { get; } = MakeVersion(typeof(TranslationTransformer), "HLSTMTRL", 1, 1, 1, LoaderSignature);

    internal static InputColumn MakeLabel(string name) => new("label", name, TextDataViewType.Instance);

    internal static SequenceColumns MakeColumns(string feature, string label, IReadOnlyList<string> outputs) => new(
        [new InputColumn("feature", feature, TextDataViewType.Instance)],
        [
            new OutputColumn(outputs[0], TextDataViewType.Instance, new Dictionary<string, string> { [ScoredColumns.LabelAnnotation] = label }),
            new OutputColumn(outputs[1], NumberDataViewType.Single),
            new OutputColumn(outputs[2], new VectorDataViewType(TextDataViewType.Instance)),
            new OutputColumn(outputs[3], new VectorDataViewType(NumberDataViewType.Single)),
        ]);

    internal override SequenceScorer CreateScorer() => new TranslationRowScorer(Host, Model, Decoding);

    private protected override void WriteSettings(BinaryWriter writer) => TranslationHeader.Write(writer, Model, Decoding);

    private protected override void SaveStreams(ModelSaveContext ctx)
    {
        SaveStream(ctx, "Vocabularies", stream => TranslationHeader.WriteVocabularies(stream, Model));
        SaveStream(ctx, "Weights", stream => WeightFileWriter.Write(stream, Model.Weights, Precision));
        if (Model.Shortlist is { } shortlist)
            SaveStream(ctx, LexicalShortlist.StreamName, shortlist.Write);
        SaveReport(ctx);
    }

    private TranslationTransformer With(LexicalShortlist? shortlist) => new(Host, Columns, Model.With(shortlist), Decoding, Report);

    private static TranslationTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        IHost host = env.Register(LoaderSignature);
        string[] names = LoadColumnNames(ctx, FormatVersion, 5);
        SequenceColumns columns = MakeColumns(names[0], ctx.LoadNonEmptyString(), names[1..]);
        TranslationHeader header = TranslationHeader.Read(ctx.Reader);
        var (source, target) = LoadStream(ctx, "Vocabularies", TranslationHeader.ReadVocabularies);
        TranslationWeights weights = LoadStream(ctx, "Weights", stream => WeightFileReader.ReadTranslation(stream));
        _ = TryLoadStream(ctx, LexicalShortlist.StreamName, stream => LexicalShortlist.Read(stream, source.Count, target.Count), out LexicalShortlist? shortlist);
        TranslationModel model = header.MakeModel(source, target, weights, shortlist);
        return Checked(ctx, new TranslationTransformer(host, columns, model, header.Decoding, LoadReport(ctx)));
    }
}
