using Microsoft.ML.Data;
using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.HLstm.Tasks.ImageCaptioning;
using Microsoft.ML.HLstm.Training;
using Microsoft.ML.HLstm.Training.Checkpoints;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm;

/// <summary>
/// Trains H-LSTM or LSTM layers to caption pictures, from features that any convolutional network has made of them.
/// </summary>
/// <remarks>
/// <para>Input columns: features, a vector of Single of known size (with <see cref="ImageCaptioningOptions.Attention"/> of the
/// dimensions [regions, width]); and captions, text or a vector of text. A row with several captions and several rows with equal
/// features train the same: once with each caption. Output columns:</para>
/// <list type="table">
/// <item><term>PredictedCaption</term><description>Text: the best caption found.</description></item>
/// <item><term>Score</term><description>Single: its log-probability (natural logarithm), at most 0.</description></item>
/// <item><term>Alternatives</term><description>Vector of text: the captions found, best first.</description></item>
/// <item><term>AlternativeScores</term><description>Vector of Single: their log-probabilities.</description></item>
/// </list>
/// <para>Training needs libtorch (see README); scoring does not. Normalisation: features of about unit size train best. Caching:
/// the data is read once. Exportable to ONNX: no.</para>
/// </remarks>
public sealed class ImageCaptioningTrainer : IEstimator<ImageCaptioningTransformer>
{
    private readonly IHost _host;
    private readonly ImageCaptioningOptions _options;

    internal ImageCaptioningTrainer(IHostEnvironment environment, ImageCaptioningOptions options, int gateHiddenLayers)
    {
        ArgumentNullException.ThrowIfNull(options);
        _host = environment.Register(nameof(ImageCaptioningTrainer));
        _options = (ImageCaptioningOptions)options.Copy();
        _options.GateHiddenLayers = gateHiddenLayers;
        _options.Validate();
    }

    /// <summary>Trains on <paramref name="input"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or is not of its type, here or in the validation set.</exception>
    /// <exception cref="CheckpointException">Training cannot go on from the checkpoints in <see cref="SequenceTrainerOptions.CheckpointFolder"/>, or write them there.</exception>
    /// <exception cref="InvalidOperationException">
    /// A row has no caption or no finite features and is not to be skipped, there are no usable rows, libtorch is missing, or the
    /// loss is not finite in the first epoch.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled, and there is no model to return.</exception>
    public ImageCaptioningTransformer Fit(IDataView input) => Train(input, null);

    /// <summary>
    /// Trains on from a trained model: its vocabulary, weights, connections and activation are where training starts, and it is
    /// returned itself when nothing better comes. <see cref="SequenceTrainerOptions.Epochs"/> may be 0, which goes straight on to
    /// the activation shift and pruning; nothing is seeded at random.
    /// </summary>
    /// <param name="input">The training data.</param>
    /// <param name="initialModel">A model trained with the same sizes; options of the vocabulary have no effect.</param>
    /// <exception cref="ArgumentException">The initial model has other sizes than the options and the data ask for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or is not of its type, here or in the validation set.</exception>
    /// <exception cref="CheckpointException">Training cannot go on from the checkpoints in <see cref="SequenceTrainerOptions.CheckpointFolder"/>, or write them there.</exception>
    /// <exception cref="InvalidOperationException">A row cannot be used and is not to be skipped, there are no usable rows, or libtorch is missing.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, and there is no model to return.</exception>
    public ImageCaptioningTransformer Fit(IDataView input, ImageCaptioningTransformer initialModel)
    {
        ArgumentNullException.ThrowIfNull(initialModel);
        return Train(input, initialModel.Model);
    }

    private ImageCaptioningTransformer Train(IDataView input, CaptionModel? initial)
    {
        _host.CheckValue(input, nameof(input));
        DataViewSchema.Column column = FindColumns(input.Schema, Columns(column => FeatureShape.Of(column, _options.Attention).Wrong));
        FeatureShape features = FeatureShape.Of(column, _options.Attention).Shape;
        SequenceColumns columns = Columns(features.WrongWith);
        if (_options.ValidationSet is { } validationSet)
            FindColumns(validationSet.Schema, columns);
        if (initial is null)
            OptionChecks.InRange(_options.Epochs ?? 1, 1, 100_000, nameof(_options.Epochs));
        using IChannel log = _host.Start("Training");
        using TrainingCheckpoints? checkpoints = TrainingCheckpoints.Open(_options, log);
        TorchRuntime.EnsureLoaded();
        var train = CaptionedImages.Read(input, "training data", _options, features, log);
        CaptionedImages? validation = _options.ValidationSet is null ? null : CaptionedImages.Read(_options.ValidationSet, "validation data", _options, features, log);
        int seed = TrainingSeed.Of(_options, _host, checkpoints);
        (CaptionModel model, TrainingReport report) = new CaptionFit(_options, features, seed, log, checkpoints).Run(train, validation, initial);
        return new ImageCaptioningTransformer(_host, columns, model, _options.Decoding, report);
    }

    /// <summary>The schema that the transformer will give.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or is not of its type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        Label.Find(_host, inputSchema);
        SchemaShape output = Columns(_ => null).GetOutputSchema(_host, inputSchema);
        if (inputSchema.TryFindColumn(_options.FeatureColumnName, out SchemaShape.Column features) && features.Kind == SchemaShape.Column.VectorKind.VariableVector)
            throw _host.ExceptSchemaMismatch(nameof(inputSchema), "feature", features.Name, "Vector<Single> of known size", features.GetTypeString());
        return output;
    }

    private InputColumn Label => new("label", _options.LabelColumnName, TextDataViewType.Instance) { Alternatives = [new VectorDataViewType(TextDataViewType.Instance)] };

    private SequenceColumns Columns(Func<DataViewSchema.Column, string?> check) => ImageCaptioningTransformer.MakeColumns(
        _options.FeatureColumnName, _options.LabelColumnName,
        [_options.PredictedColumnName, _options.ScoreColumnName, _options.AlternativesColumnName, _options.AlternativeScoresColumnName], check);

    /// <summary>Checks the columns and gives that of the features.</summary>
    private DataViewSchema.Column FindColumns(DataViewSchema schema, SequenceColumns columns)
    {
        Label.Find(_host, schema);
        return columns.FindInputs(_host, schema)[0];
    }
}
