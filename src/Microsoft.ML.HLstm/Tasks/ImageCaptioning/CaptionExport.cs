using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;

namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>Hands a trained captioning network over to scoring.</summary>
internal static class CaptionExport
{
    /// <summary>The network's present weights as plain arrays.</summary>
    public static CaptionWeights Weights(CaptionNetwork network)
    {
        WeightMatrix embedding = WeightExport.Matrix("embedding", network.Embedding);
        LuongAttention? attention = network.Attention;
        return new CaptionWeights
        {
            FeatureProjection = WeightExport.Layer("features", network.FeatureWeight, network.FeatureBias),
            Embedding = embedding,
            Decoder = [.. network.Cells.Select((cell, i) => WeightExport.Cell($"decoder.{i}", cell))],
            AttentionScore = attention is null ? null : WeightExport.Matrix("attention.score", attention.Score),
            AttentionCombine = attention is null ? null : WeightExport.Layer("attention.combine", attention.Combine, attention.Bias),
            OutputProjection = network.Shape.TieOutput
                ? new DenseLayer(embedding, WeightExport.Values(network.OutputBias))
                : WeightExport.Layer("output", network.OutputWeight, network.OutputBias),
        };
    }
}
