using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Networks;

/// <summary>The shape of the small network inside each gate.</summary>
/// <param name="HiddenLayers">Hidden layers; 0 is an ordinary LSTM.</param>
/// <param name="HiddenSize">Units of each hidden layer.</param>
/// <param name="Activation">Activation of the hidden layers.</param>
/// <param name="Shared">True when the four gates share the hidden layers.</param>
/// <param name="Dropout">Dropout on hidden outputs while training.</param>
internal sealed record GateNetworkOptions(int HiddenLayers, int HiddenSize, GateActivation Activation, bool Shared, double Dropout)
{
    /// <summary>The gates of an ordinary LSTM.</summary>
    public static GateNetworkOptions None { get; } = new(0, 0, GateActivation.LeakyRelu, false, 0);

    /// <summary>Units of a hidden layer where no width is asked for.</summary>
    public static int DefaultWidth(int stateSize) => (stateSize + 1) / 2;

    /// <summary>The gates that a trainer's options ask for.</summary>
    /// <param name="options">The options.</param>
    /// <param name="initial">The cells of the model to go on from, which fit where no width is asked for; null without one.</param>
    public static GateNetworkOptions Of(SequenceTrainerOptions options, IEnumerable<CellWeights>? initial)
    {
        int width = options.GateHiddenLayers == 0 ? 0 : options.GateHiddenSize
            ?? Math.Max(DefaultWidth(options.StateSize), initial is null ? 0 : Of([.. initial]).HiddenSize);
        return new GateNetworkOptions(options.GateHiddenLayers, width, options.GateActivation, options.ShareGateHidden, options.GateDropout);
    }

    /// <summary>The gates of trained cells, as wide as the widest where compaction has left them uneven.</summary>
    public static GateNetworkOptions Of(IReadOnlyList<CellWeights> cells)
    {
        CellWeights cell = cells[0];
        int width = cells.SelectMany(c => c.TrunkWidths.Concat(c.Hidden.SelectMany(trunk => trunk).Select(layer => layer.OutputSize))).Append(1).Max();
        return cell.HasHiddenLayers ? new GateNetworkOptions(1 + cell.Hidden[0].Length, width, cell.Activation, cell.TrunkWidths.Length == 1, 0) : None;
    }

    /// <summary>Trunks of hidden layers: one for each gate, one for all, or none.</summary>
    public int Trunks => HiddenLayers == 0 ? 0 : Shared ? 1 : 4;
}
