using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.HLstm.Tasks.SpeechRecognition;
using Microsoft.ML.HLstm.Training;
using Microsoft.ML.HLstm.Training.Checkpoints;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm;

/// <summary>
/// Trains convolutions and bidirectional H-LSTM or LSTM layers by connectionist temporal classification to write down what is
/// said.
/// </summary>
/// <remarks>
/// <para>Input columns: frames, vector of Single with the annotation <c>FrameWidth</c>, as <c>ComputeSpectrogram</c> makes them;
/// transcripts, text. Output columns:</para>
/// <list type="table">
/// <item><term>PredictedTranscript</term><description>Text: the best transcript found.</description></item>
/// <item><term>Score</term><description>Single: its log-probability (natural logarithm), at most 0; of the one most probable
/// path where the search is greedy. A language model orders transcripts, and is not in it.</description></item>
/// <item><term>Alternatives</term><description>Vector of text: the transcripts found, best first.</description></item>
/// <item><term>AlternativeScores</term><description>Vector of Single: their log-probabilities.</description></item>
/// </list>
/// <para>and, where <see cref="SpeechRecognitionOptions.WordTimesColumnName"/> names it, a vector of Single with start and end of
/// each word in seconds.</para>
/// <para>Rows with an empty transcript, without frames, or with a transcript that has more labels than the network has steps are
/// left out of training, with a warning in the log. Training needs libtorch (see README); scoring does not. Normalisation: of
/// spectrograms, by utterance. Caching: the data is read once. Exportable to ONNX: no.</para>
/// </remarks>
public sealed class SpeechRecognitionTrainer : IEstimator<SpeechRecognitionTransformer>
{
    private readonly IHost _host;
    private readonly SpeechRecognitionOptions _options;

    internal SpeechRecognitionTrainer(IHostEnvironment environment, SpeechRecognitionOptions options, int gateHiddenLayers)
    {
        ArgumentNullException.ThrowIfNull(options);
        _host = environment.Register(nameof(SpeechRecognitionTrainer));
        _options = (SpeechRecognitionOptions)options.Copy();
        _options.GateHiddenLayers = gateHiddenLayers;
        _options.Validate();
    }

    /// <summary>Trains on <paramref name="input"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or is not of its type, here or in the validation set.</exception>
    /// <exception cref="CheckpointException">Training cannot go on from the checkpoints in <see cref="SequenceTrainerOptions.CheckpointFolder"/>, or write them there.</exception>
    /// <exception cref="InvalidDataException">The file of the language model, or of words, is none.</exception>
    /// <exception cref="InvalidOperationException">There are no usable rows, libtorch is missing, or the loss is not finite in the first epoch.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, and there is no model to return.</exception>
    public SpeechRecognitionTransformer Fit(IDataView input) => Train(input, null);

    /// <summary>
    /// Trains on from a trained model: its alphabet, weights, connections and activation are where training starts, and it is
    /// returned itself when nothing better comes. <see cref="SequenceTrainerOptions.Epochs"/> may be 0, which goes straight on
    /// to the activation shift and pruning; nothing is seeded at random.
    /// </summary>
    /// <param name="input">The training data; rows with a character that the model does not know are left out.</param>
    /// <param name="initialModel">A model trained with the same sizes.</param>
    /// <exception cref="ArgumentException">The initial model has other sizes than the options ask for.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or is not of its type, here or in the validation set.</exception>
    /// <exception cref="CheckpointException">Training cannot go on from the checkpoints in <see cref="SequenceTrainerOptions.CheckpointFolder"/>, or write them there.</exception>
    /// <exception cref="InvalidDataException">The file of the language model, or of words, is none.</exception>
    /// <exception cref="InvalidOperationException">There are no usable rows, or libtorch is missing.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, and there is no model to return.</exception>
    public SpeechRecognitionTransformer Fit(IDataView input, SpeechRecognitionTransformer initialModel)
    {
        ArgumentNullException.ThrowIfNull(initialModel);
        return Train(input, initialModel.Model);
    }

    private SpeechRecognitionTransformer Train(IDataView input, SpeechModel? initial)
    {
        _host.CheckValue(input, nameof(input));
        SpeechFrames frames = SpeechFrames.Of(CheckColumns(input.Schema, initial?.Frames));
        if (_options.ValidationSet is { } validationSet)
            CheckColumns(validationSet.Schema, frames);
        if (initial is null)
            OptionChecks.InRange(_options.Epochs ?? 1, 1, 100_000, nameof(_options.Epochs));
        if (_options.WordTimesColumnName is { } times && frames.Seconds == 0)
            throw new InvalidOperationException($"The option {nameof(_options.WordTimesColumnName)} is '{times}', and column '{_options.FeatureColumnName}' does not state how far apart its frames are; the annotations '{SpectrogramTransformer.FrameHopAnnotation}' and '{AudioLoadingTransformer.SampleRateAnnotation}' are needed, as ComputeSpectrogram writes them.");
        using IChannel log = _host.Start("Training");
        using TrainingCheckpoints? checkpoints = TrainingCheckpoints.Open(_options, log);
        TorchRuntime.EnsureLoaded();
        int seed = TrainingSeed.Of(_options, _host, checkpoints);
        (SpeechModel model, CtcDecodingOptions decoding, TrainingReport report) = new SpeechFit(_options, frames, seed, log, checkpoints).Run(input, initial);
        return new SpeechRecognitionTransformer(_host, Columns(model.Frames), model, decoding, report);
    }

    /// <summary>The schema that the transformer will give.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or is not of its type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        Label.Find(_host, inputSchema);
        return Columns(null).GetOutputSchema(_host, inputSchema);
    }

    private InputColumn Label => SpeechRecognitionTransformer.MakeLabel(_options.LabelColumnName);

    private SequenceColumns Columns(SpeechFrames? frames) => SpeechRecognitionTransformer.MakeColumns(
        _options.FeatureColumnName, _options.LabelColumnName, frames,
        [
            _options.PredictedColumnName, _options.ScoreColumnName, _options.AlternativesColumnName, _options.AlternativeScoresColumnName,
            .. _options.WordTimesColumnName is { } times ? [times] : (string[])[],
        ]);

    private DataViewSchema.Column CheckColumns(DataViewSchema schema, SpeechFrames? frames)
    {
        Label.Find(_host, schema);
        return Columns(frames).FindInputs(_host, schema)[0];
    }
}
