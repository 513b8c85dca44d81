using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.HLstm.Tasks.Translation;
using Microsoft.ML.HLstm.Training;
using Microsoft.ML.HLstm.Training.Checkpoints;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm;

/// <summary>
/// Trains an encoder-decoder of H-LSTM or LSTM layers with attention to translate sentences.
/// </summary>
/// <remarks>
/// <para>Input columns: the sentences to translate and their translations, both text. Output columns:</para>
/// <list type="table">
/// <item><term>PredictedTranslation</term><description>Text: the best translation found.</description></item>
/// <item><term>Score</term><description>Single: its log-probability (natural logarithm), at most 0.</description></item>
/// <item><term>Alternatives</term><description>Vector of text: the translations found, best first.</description></item>
/// <item><term>AlternativeScores</term><description>Vector of Single: their log-probabilities.</description></item>
/// </list>
/// <para>Training needs libtorch (see README); scoring does not. Normalisation: none needed. Caching: the data is read once.
/// Exportable to ONNX: no.</para>
/// </remarks>
public sealed class TranslationTrainer : IEstimator<TranslationTransformer>
{
    private readonly IHost _host;
    private readonly TranslationOptions _options;

    internal TranslationTrainer(IHostEnvironment environment, TranslationOptions options, int gateHiddenLayers)
    {
        ArgumentNullException.ThrowIfNull(options);
        _host = environment.Register(nameof(TranslationTrainer));
        _options = (TranslationOptions)options.Copy();
        _options.GateHiddenLayers = gateHiddenLayers;
        _options.Validate();
    }

    /// <summary>Trains on <paramref name="input"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or is not text, here or in the validation set.</exception>
    /// <exception cref="CheckpointException">Training cannot go on from the checkpoints in <see cref="SequenceTrainerOptions.CheckpointFolder"/>, or write them there.</exception>
    /// <exception cref="InvalidOperationException">There are no usable rows, libtorch is missing, or the loss is not finite in the first epoch.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, and there is no model to return.</exception>
    public TranslationTransformer Fit(IDataView input) => Train(input, null);

    /// <summary>
    /// Trains on from a trained model: its vocabularies, weights, connections and activation are where training starts, and
    /// it is returned itself when nothing better comes. <see cref="SequenceTrainerOptions.Epochs"/> may be 0, which goes
    /// straight on to the activation shift and pruning; nothing is seeded at random.
    /// </summary>
    /// <param name="input">The training data.</param>
    /// <param name="initialModel">
    /// A model trained with the same sizes. Its vocabularies keep their entries and their kind; what <paramref name="input"/>
    /// has beside them is added up to <see cref="TranslationOptions.VocabularySize"/>, with random embeddings: of whole words
    /// those that occur <see cref="TranslationOptions.FrequencyCutoff"/> times, of subwords new characters and pieces with them.
    /// </param>
    /// <exception cref="ArgumentException">The initial model has other sizes than the options ask for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or is not text, here or in the validation set.</exception>
    /// <exception cref="CheckpointException">Training cannot go on from the checkpoints in <see cref="SequenceTrainerOptions.CheckpointFolder"/>, or write them there.</exception>
    /// <exception cref="InvalidOperationException">There are no usable rows, or libtorch is missing.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, and there is no model to return.</exception>
    public TranslationTransformer Fit(IDataView input, TranslationTransformer initialModel)
    {
        ArgumentNullException.ThrowIfNull(initialModel);
        return Train(input, initialModel.Model);
    }

    private TranslationTransformer Train(IDataView input, TranslationModel? initial)
    {
        _host.CheckValue(input, nameof(input));
        CheckColumns(input.Schema);
        if (_options.ValidationSet is { } validationSet)
            CheckColumns(validationSet.Schema);
        if (initial is null)
            OptionChecks.InRange(_options.Epochs ?? 1, 1, 100_000, nameof(_options.Epochs));
        using IChannel log = _host.Start("Training");
        using TrainingCheckpoints? checkpoints = TrainingCheckpoints.Open(_options, log);
        TorchRuntime.EnsureLoaded();
        ParallelText train = ParallelText.Read(input, "training data", _options, log);
        ParallelText? validation = _options.ValidationSet is null ? null : ParallelText.Read(_options.ValidationSet, "validation data", _options, log);
        int seed = TrainingSeed.Of(_options, _host, checkpoints);
        (TranslationModel model, TrainingReport report) = new TranslationFit(_options, seed, log, checkpoints).Run(train, validation, initial);
        return new TranslationTransformer(_host, OutputColumns, model, _options.Decoding, report);
    }

    /// <summary>The schema that the transformer will give.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or is not text.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        Label.Find(_host, inputSchema);
        return OutputColumns.GetOutputSchema(_host, inputSchema);
    }

    private InputColumn Label => TranslationTransformer.MakeLabel(_options.LabelColumnName);

    private SequenceColumns OutputColumns => TranslationTransformer.MakeColumns(_options.FeatureColumnName, _options.LabelColumnName,
        [_options.PredictedColumnName, _options.ScoreColumnName, _options.AlternativesColumnName, _options.AlternativeScoresColumnName]);

    private void CheckColumns(DataViewSchema schema)
    {
        Label.Find(_host, schema);
        OutputColumns.FindInputs(_host, schema);
    }
}
