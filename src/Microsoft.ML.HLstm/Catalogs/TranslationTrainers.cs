
namespace Microsoft.ML.HLstm;

/// <summary>The trainers for translation; reached as <c>mlContext.Translation.Trainers</c>.</summary>
public sealed class TranslationTrainers
{
    private readonly MLContext _mlContext;

    internal TranslationTrainers(MLContext mlContext) => _mlContext = mlContext;

    /// <summary>An encoder-decoder of H-LSTM layers, whose gates are small networks, trained by grow-and-prune.</summary>
    /// <param name="labelColumnName">The column with translations: text.</param>
    /// <param name="featureColumnName">The column with sentences to translate: text.</param>
    /// <param name="stateSize">Units of a recurrent layer in one direction.</param>
    /// <param name="epochs">Epochs of training before pruning starts; null means as many as the data need (<see cref="SequenceTrainerOptions.Epochs"/>).</param>
    /// <param name="growAndPrune">The schedule; null means <see cref="GrowAndPruneSchedule.Accurate"/>.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public TranslationTrainer HLstm(string labelColumnName = "Label", string featureColumnName = "Features",
        int stateSize = 256, int? epochs = null, GrowAndPruneSchedule? growAndPrune = null) =>
        HLstm(new TranslationOptions
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            StateSize = stateSize,
            Epochs = epochs,
            GrowAndPrune = growAndPrune ?? GrowAndPruneSchedule.Accurate,
        });

    /// <summary>An encoder-decoder of H-LSTM layers with every option.</summary>
    /// <param name="options">The options; copied, so later changes have no effect.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public TranslationTrainer HLstm(TranslationOptions options) => new(_mlContext, options, options.GateHiddenLayers);

    /// <summary>The same encoder-decoder of ordinary LSTM layers, with every connection there from start to end.</summary>
    /// <param name="labelColumnName">The column with translations: text.</param>
    /// <param name="featureColumnName">The column with sentences to translate: text.</param>
    /// <param name="stateSize">Units of a recurrent layer in one direction.</param>
    /// <param name="epochs">Epochs of training; null means as many as the data need (<see cref="SequenceTrainerOptions.Epochs"/>).</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public TranslationTrainer Lstm(string labelColumnName = "Label", string featureColumnName = "Features",
        int stateSize = 256, int? epochs = null) =>
        Lstm(new TranslationOptions
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            StateSize = stateSize,
            Epochs = epochs,
        });

    /// <summary>The same encoder-decoder of ordinary LSTM layers with every option; those of gates' hidden layers do not apply.</summary>
    /// <param name="options">The options; copied, so later changes have no effect.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    public TranslationTrainer Lstm(TranslationOptions options) => new(_mlContext, options, gateHiddenLayers: 0);
}
