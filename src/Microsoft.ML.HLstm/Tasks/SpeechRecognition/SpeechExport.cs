using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>Hands a trained speech network over to scoring.</summary>
internal static class SpeechExport
{
    /// <summary>The network's present weights as plain arrays.</summary>
    public static SpeechWeights Weights(SpeechNetwork network) => new()
    {
        FrameWidth = network.Shape.FrameWidth,
        Convolutions = [.. network.Convolutions.Select((layer, i) => WeightExport.Convolution($"convolution.{i}", layer))],
        Forward = [.. network.Layers.Select((layer, i) => WeightExport.Cell($"recurrent.{i}.forward", layer.Forward))],
        Backward = [.. network.Layers.Where(layer => layer.Backward is not null).Select((layer, i) => WeightExport.Cell($"recurrent.{i}.backward", layer.Backward!))],
        SumDirections = network.Shape.SumDirections,
        Normalizations = [.. network.Normalizations.Select((normalization, i) => WeightExport.Normalization($"recurrent.{i}.normalization", normalization))],
        Output = WeightExport.Layer("output", network.OutputWeight, network.OutputBias),
    };
}
