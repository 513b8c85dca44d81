namespace Microsoft.ML.HLstm.Inference;

/// <summary>Rounds all matrices of a speech recogniser, to the numbers that its file would have.</summary>
internal static class SpeechWeightsRounding
{
    /// <summary>The network at a precision; the network itself where it has it.</summary>
    /// <exception cref="InvalidDataException">A weight is not finite, or too large for the precision; the message names the matrix.</exception>
    public static SpeechWeights At(this SpeechWeights weights, WeightPrecision precision) => weights.Precision == precision ? weights : weights with
    {
        Convolutions = [.. weights.Convolutions.Select(layer => layer with { Kernel = layer.Kernel.At(precision) })],
        Forward = [.. weights.Forward.Select(cell => At(cell, precision))],
        Backward = [.. weights.Backward.Select(cell => At(cell, precision))],
        Output = At(weights.Output, precision),
    };

    private static CellWeights At(CellWeights cell, WeightPrecision precision) => cell with
    {
        Input = cell.Input.At(precision),
        Recurrent = cell.Recurrent.At(precision),
        Hidden = [.. cell.Hidden.Select(trunk => trunk.Select(layer => At(layer, precision)).ToArray())],
        Output = [.. cell.Output.Select(layer => At(layer, precision))],
    };

    private static DenseLayer At(DenseLayer layer, WeightPrecision precision) => layer with { Weight = layer.Weight.At(precision) };
}
