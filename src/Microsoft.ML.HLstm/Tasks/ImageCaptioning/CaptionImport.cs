using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;

namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>Gives a captioning network the weights of a trained one, to train on from there.</summary>
internal static class CaptionImport
{
    /// <summary>Sets all weights.</summary>
    /// <exception cref="ArgumentException">The network has another shape; the message names what differs.</exception>
    public static void Load(CaptionNetwork network, CaptionWeights weights)
    {
        CaptionShape shape = network.Shape;
        Same("layers", weights.Decoder.Length, shape.Layers);
        Same("attention", weights.HasAttention, shape.Attention);
        Same("a tied output embedding", weights.TiedOutput, shape.TieOutput);
        Same("features of a picture's region", weights.FeatureSize, shape.FeatureSize);
        WeightImport.Layer(network.FeatureWeight, network.FeatureBias, weights.FeatureProjection);
        WeightImport.Matrix(network.Embedding, weights.Embedding);
        for (int layer = 0; layer < shape.Layers; layer++)
            WeightImport.Cell(network.Cells[layer], weights.Decoder[layer]);
        if (network.Attention is { } attention)
        {
            WeightImport.Matrix(attention.Score, weights.AttentionScore!);
            WeightImport.Layer(attention.Combine, attention.Bias, weights.AttentionCombine!);
        }

        WeightImport.Layer(network.OutputWeight, network.OutputBias, weights.OutputProjection);
    }

    private static void Same<T>(string what, T has, T wanted)
    {
        if (!Equals(has, wanted))
            throw new ArgumentException($"The initial model has '{what}' = {has}, and the options and the data ask for {wanted}; both must be the same.");
    }
}
