using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>Gives a speech network the weights of a trained one, to train on from there.</summary>
internal static class SpeechImport
{
    /// <summary>Sets all weights.</summary>
    /// <exception cref="ArgumentException">The network has another shape; the message names what differs.</exception>
    public static void Load(SpeechNetwork network, SpeechWeights weights)
    {
        SpeechShape shape = network.Shape;
        WeightImport.Same("frames of width", weights.FrameWidth, shape.FrameWidth);
        WeightImport.Same("convolutions", weights.Convolutions.Length, shape.Convolutions.Count);
        WeightImport.Same("recurrent layers", weights.Forward.Length, shape.Layers);
        WeightImport.Same("layers that read both ways", weights.Bidirectional, shape.Bidirectional);
        if (shape.Bidirectional)
            WeightImport.Same("directions that are summed", weights.SumDirections, shape.SumDirections);
        for (int layer = 0; layer < shape.Convolutions.Count; layer++)
            WeightImport.Convolution(network.Convolutions[layer], weights.Convolutions[layer]);
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            WeightImport.Cell(network.Layers[layer].Forward, weights.Forward[layer]);
            if (network.Layers[layer].Backward is { } backward)
                WeightImport.Cell(backward, weights.Backward[layer]);
            WeightImport.Normalization(network.Normalizations[layer], weights.Normalizations[layer]);
        }

        WeightImport.Layer(network.OutputWeight, network.OutputBias, weights.Output);
    }
}
