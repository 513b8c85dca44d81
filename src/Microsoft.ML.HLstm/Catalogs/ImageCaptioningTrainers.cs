namespace Microsoft.ML.HLstm;

/// <summary>The trainers for captioning pictures; reached as <c>mlContext.ImageCaptioning.Trainers</c>.</summary>
public sealed class ImageCaptioningTrainers
{
    private readonly MLContext _mlContext;

    internal ImageCaptioningTrainers(MLContext mlContext) => _mlContext = mlContext;

    /// <summary>H-LSTM layers, whose gates are small networks, trained by grow-and-prune.</summary>
    /// <param name="labelColumnName">The column with captions: text, or a vector of text.</param>
    /// <param name="featureColumnName">The column with features: vector of Single of known size.</param>
    /// <param name="stateSize">Units of a recurrent layer.</param>
    /// <param name="epochs">Epochs of training before pruning starts; null means as many as the data need (<see cref="SequenceTrainerOptions.Epochs"/>).</param>
    /// <param name="growAndPrune">The schedule; null means <see cref="GrowAndPruneSchedule.Accurate"/>.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public ImageCaptioningTrainer HLstm(string labelColumnName = "Label", string featureColumnName = "Features",
        int stateSize = 512, int? epochs = null, GrowAndPruneSchedule? growAndPrune = null) =>
        HLstm(new ImageCaptioningOptions
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            StateSize = stateSize,
            Epochs = epochs,
            GrowAndPrune = growAndPrune ?? GrowAndPruneSchedule.Accurate,
        });

    /// <summary>H-LSTM layers with every option.</summary>
    /// <param name="options">The options; copied, so later changes have no effect.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public ImageCaptioningTrainer HLstm(ImageCaptioningOptions options) => new(_mlContext, options, options.GateHiddenLayers);

    /// <summary>Ordinary LSTM layers, with every connection there from start to end.</summary>
    /// <param name="labelColumnName">The column with captions: text, or a vector of text.</param>
    /// <param name="featureColumnName">The column with features: vector of Single of known size.</param>
    /// <param name="stateSize">Units of a recurrent layer.</param>
    /// <param name="epochs">Epochs of training; null means as many as the data need (<see cref="SequenceTrainerOptions.Epochs"/>).</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public ImageCaptioningTrainer Lstm(string labelColumnName = "Label", string featureColumnName = "Features",
        int stateSize = 512, int? epochs = null) =>
        Lstm(new ImageCaptioningOptions
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            StateSize = stateSize,
            Epochs = epochs,
        });

    /// <summary>Ordinary LSTM layers with every option; those of gates' hidden layers do not apply.</summary>
    /// <param name="options">The options; copied, so later changes have no effect.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public ImageCaptioningTrainer Lstm(ImageCaptioningOptions options) => new(_mlContext, options, gateHiddenLayers: 0);
}
