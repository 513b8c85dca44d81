using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.HLstm;
using Microsoft.ML.HLstm.Featurizers;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.HLstm.Tasks;
using Microsoft.ML.HLstm.Tasks.ImageCaptioning;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ImageCaptioningTransformer), null, typeof(SignatureLoadModel),
    "H-LSTM image captioning", ImageCaptioningTransformer.LoaderSignature)]

namespace Microsoft.ML.HLstm;

/// <summary>Captions the pictures whose features are in a column with a trained network, in managed code.</summary>
/// <remarks>
/// A row whose features are missing or not finite has the empty caption, score NaN and no alternatives, with a warning in the
/// log. Words that the model does not know are never predicted.
/// </remarks>
public sealed class ImageCaptioningTransformer : TrainedTransformerBase
{
    /// <summary>Default name of the column of captions.</summary>
    public const string PredictedColumnName = "PredictedCaption";

    internal const string LoaderSignature = "HLstmCaptioning";

    internal ImageCaptioningTransformer(IHost host, SequenceColumns columns, CaptionModel model, DecodingOptions decoding, TrainingReport? report)
        : base(host, columns, report) =>
        (Model, Decoding) = (model, decoding);

    /// <inheritdoc/>
    public override ModelStatistics Statistics => Model.Statistics;

    /// <inheritdoc/>
    public override WeightPrecision Precision => Model.Weights.Precision;

    /// <summary>How captions are searched for.</summary>
    public DecodingOptions Decoding { get; }

    /// <summary>The same model with another search.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    public ImageCaptioningTransformer WithDecoding(DecodingOptions decoding)
    {
        ArgumentNullException.ThrowIfNull(decoding);
        decoding.Validate();
        return new ImageCaptioningTransformer(Host, Columns, Model, decoding, Report);
    }

    /// <summary>
    /// The same model with its weights rounded to another precision, without training again. Connections stay what they are.
    /// Rounded weights do not come back: to a higher precision they keep the values that they have.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The precision is none of the enum's.</exception>
    /// <exception cref="InvalidDataException">A weight is above 65,504 in magnitude and the precision is <see cref="WeightPrecision.Half"/>.</exception>
    public ImageCaptioningTransformer WithPrecision(WeightPrecision precision)
    {
        OptionChecks.Defined(precision, nameof(precision));
        return new ImageCaptioningTransformer(Host, Columns, Model.At(precision), Decoding, Report);
    }

    internal CaptionModel Model { get; }

    private protected override VersionInfo Version => FormatVersion;

    // Format 1: column names, label name, model header, decoding; streams Vocabulary, Weights and, on request, Report.
    private static VersionInfo FormatVersion { get; } = MakeVersion(typeof(ImageCaptioningTransformer), "HLSTMCAP", 1, 1, 1, LoaderSignature);

    /// <summary>The columns; <paramref name="check"/> says what is wrong with a column of features, or null.</summary>
    internal static SequenceColumns MakeColumns(string feature, string label, IReadOnlyList<string> outputs, Func<DataViewSchema.Column, string?> check) => new(
        [new InputColumn("feature", feature, new VectorDataViewType(NumberDataViewType.Single)) { Check = check }],
        [
            new OutputColumn(outputs[0], TextDataViewType.Instance, new Dictionary<string, string> { [ScoredColumns.LabelAnnotation] = label }),
            new OutputColumn(outputs[1], NumberDataViewType.Single),
            new OutputColumn(outputs[2], new VectorDataViewType(TextDataViewType.Instance)),
            new OutputColumn(outputs[3], new VectorDataViewType(NumberDataViewType.Single)),
        ]);

    internal override SequenceScorer CreateScorer() => new CaptionRowScorer(Host, Model, Decoding);

    private protected override void WriteSettings(BinaryWriter writer) => CaptionHeader.Write(writer, Model, Decoding);

    private protected override void SaveStreams(ModelSaveContext ctx)
    {
        SaveStream(ctx, "Vocabulary", stream => CaptionHeader.WriteVocabulary(stream, Model));
        SaveStream(ctx, "Weights", stream => WeightFileWriter.Write(stream, Model.Weights, Precision));
        SaveReport(ctx);
    }

    private static ImageCaptioningTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        IHost host = env.Register(LoaderSignature);
        string[] names = LoadColumnNames(ctx, FormatVersion, 5);
        string label = ctx.LoadNonEmptyString();
        CaptionHeader header = LoadChecked(ctx, CaptionHeader.Read);
        TextVocabulary vocabulary = LoadStream(ctx, "Vocabulary", CaptionHeader.ReadVocabulary);
        CaptionWeights weights = LoadStream(ctx, "Weights", stream => WeightFileReader.ReadCaption(stream));
        SequenceColumns columns = MakeColumns(names[0], label, names[1..], header.Features.WrongWith);
        return Checked(ctx, new ImageCaptioningTransformer(host, columns, header.MakeModel(vocabulary, weights), header.Decoding, LoadReport(ctx)));
    }
}
