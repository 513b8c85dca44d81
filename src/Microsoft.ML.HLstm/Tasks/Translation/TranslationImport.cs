using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>Gives a translation network the weights of a trained one, to train on from there.</summary>
internal static class TranslationImport
{
    /// <summary>Sets all weights; those of tokens that the trained one does not have stay random.</summary>
    /// <exception cref="ArgumentException">The network has another shape; the message names what differs.</exception>
    public static void Load(TranslationNetwork network, TranslationWeights weights)
    {
        TranslationShape shape = network.Shape;
        WeightImport.Same("encoder layers", weights.EncoderForward.Length, shape.EncoderLayers);
        WeightImport.Same("decoder layers", weights.Decoder.Length, shape.DecoderLayers);
        WeightImport.Same("a bidirectional encoder", weights.Bidirectional, shape.Bidirectional);
        WeightImport.Same("input feeding", weights.InputFeeding, shape.InputFeeding);
        WeightImport.Same("a tied output embedding", weights.TiedOutput, shape.TieOutput);
        WeightImport.Rows(network.SourceEmbedding, weights.SourceEmbedding);
        WeightImport.Rows(network.TargetEmbedding, weights.TargetEmbedding);
        for (int layer = 0; layer < shape.EncoderLayers; layer++)
        {
            WeightImport.Cell(network.Encoder[layer].Forward, weights.EncoderForward[layer]);
            if (network.Encoder[layer].Backward is { } backward)
                WeightImport.Cell(backward, weights.EncoderBackward[layer]);
        }

        for (int layer = 0; layer < shape.DecoderLayers; layer++)
        {
            WeightImport.Cell(network.Decoder[layer], weights.Decoder[layer]);
            WeightImport.Layer(network.Bridges[layer].StateWeight, network.Bridges[layer].StateBias, weights.BridgeHidden[layer]);
            WeightImport.Layer(network.Bridges[layer].CellWeight, network.Bridges[layer].CellBias, weights.BridgeCell[layer]);
        }

        WeightImport.Matrix(network.Attention.Score, weights.AttentionScore);
        WeightImport.Layer(network.Attention.Combine, network.Attention.Bias, weights.AttentionCombine);
        WeightImport.Rows(network.OutputWeight, weights.OutputProjection.Weight);
        WeightImport.Outputs(network.OutputBias, weights.OutputProjection.Bias, SpecialTokens.Count);
    }
}
