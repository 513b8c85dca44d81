namespace Microsoft.ML.HLstm;

/// <summary>The trainers for recognising speech; reached as <c>mlContext.SpeechRecognition.Trainers</c>.</summary>
public sealed class SpeechRecognitionTrainers
{
    private readonly MLContext _mlContext;

    internal SpeechRecognitionTrainers(MLContext mlContext) => _mlContext = mlContext;

    /// <summary>
    /// Convolutions and H-LSTM layers, whose gates are small networks, by connectionist temporal classification, trained by
    /// grow-and-prune.
    /// </summary>
    /// <param name="labelColumnName">The column with transcripts: text.</param>
    /// <param name="featureColumnName">The column with frames: vector of Single with the annotation <c>FrameWidth</c>.</param>
    /// <param name="stateSize">Units of a recurrent layer in one direction.</param>
    /// <param name="epochs">Epochs of training before pruning starts; null means as many as the data need (<see cref="SequenceTrainerOptions.Epochs"/>).</param>
    /// <param name="growAndPrune">The schedule; null means <see cref="GrowAndPruneSchedule.Accurate"/>.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public SpeechRecognitionTrainer HLstm(string labelColumnName = "Label", string featureColumnName = "Features",
        int stateSize = 256, int? epochs = null, GrowAndPruneSchedule? growAndPrune = null) =>
        HLstm(new SpeechRecognitionOptions
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            StateSize = stateSize,
            Epochs = epochs,
            GrowAndPrune = growAndPrune ?? GrowAndPruneSchedule.Accurate,
        });

    /// <summary>Convolutions and H-LSTM layers with every option.</summary>
    /// <param name="options">The options; copied, so later changes have no effect.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public SpeechRecognitionTrainer HLstm(SpeechRecognitionOptions options) => new(_mlContext, options, options.GateHiddenLayers);

    /// <summary>The same network of ordinary LSTM layers, with every connection there from start to end.</summary>
    /// <param name="labelColumnName">The column with transcripts: text.</param>
    /// <param name="featureColumnName">The column with frames: vector of Single with the annotation <c>FrameWidth</c>.</param>
    /// <param name="stateSize">Units of a recurrent layer in one direction.</param>
    /// <param name="epochs">Epochs of training; null means as many as the data need (<see cref="SequenceTrainerOptions.Epochs"/>).</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public SpeechRecognitionTrainer Lstm(string labelColumnName = "Label", string featureColumnName = "Features",
        int stateSize = 256, int? epochs = null) =>
        Lstm(new SpeechRecognitionOptions
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            StateSize = stateSize,
            Epochs = epochs,
        });

    /// <summary>The same network of ordinary LSTM layers with every option; those of gates' hidden layers do not apply.</summary>
    /// <param name="options">The options; copied, so later changes have no effect.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public SpeechRecognitionTrainer Lstm(SpeechRecognitionOptions options) => new(_mlContext, options, gateHiddenLayers: 0);
}
