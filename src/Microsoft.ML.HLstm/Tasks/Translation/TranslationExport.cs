using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>Hands a trained translation network over to scoring.</summary>
internal static class TranslationExport
{
    /// <summary>The network's present weights as plain arrays.</summary>
    public static TranslationWeights Weights(TranslationNetwork network)
    {
        WeightMatrix targetEmbedding = WeightExport.Matrix("target.embedding", network.TargetEmbedding);
        return new TranslationWeights
        {
            SourceEmbedding = WeightExport.Matrix("source.embedding", network.SourceEmbedding),
            TargetEmbedding = targetEmbedding,
            EncoderForward = [.. network.Encoder.Select((layer, i) => WeightExport.Cell($"encoder.{i}.forward", layer.Forward))],
            EncoderBackward = [.. network.Encoder.Where(layer => layer.Backward is not null).Select((layer, i) => WeightExport.Cell($"encoder.{i}.backward", layer.Backward!))],
            BridgeHidden = [.. network.Bridges.Select((bridge, i) => WeightExport.Layer($"bridge.{i}.state", bridge.StateWeight, bridge.StateBias))],
            BridgeCell = [.. network.Bridges.Select((bridge, i) => WeightExport.Layer($"bridge.{i}.cell", bridge.CellWeight, bridge.CellBias))],
            Decoder = [.. network.Decoder.Select((cell, i) => WeightExport.Cell($"decoder.{i}", cell))],
            AttentionScore = WeightExport.Matrix("attention.score", network.Attention.Score),
            AttentionCombine = WeightExport.Layer("attention.combine", network.Attention.Combine, network.Attention.Bias),
            OutputProjection = network.Shape.TieOutput
                ? new DenseLayer(targetEmbedding, WeightExport.Values(network.OutputBias))
                : WeightExport.Layer("output", network.OutputWeight, network.OutputBias),
            InputFeeding = network.Shape.InputFeeding,
        };
    }
}
