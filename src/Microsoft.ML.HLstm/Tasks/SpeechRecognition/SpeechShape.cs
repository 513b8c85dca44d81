using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>The sizes that decide a speech recogniser's matrices.</summary>
internal sealed record SpeechShape(
    int FrameWidth, int Labels, IReadOnlyList<ConvolutionShape> Convolutions, int StateSize, int Layers, bool Bidirectional,
    bool SumDirections, GateNetworkOptions Gates)
{
    /// <summary>The shape of trained weights, with the width of the widest gate network where compaction has left them uneven.</summary>
    public static SpeechShape Of(SpeechWeights weights) => new(weights.FrameWidth, weights.Output.OutputSize,
        [.. weights.Convolutions.Select(layer => layer.Shape)], weights.Forward[0].StateSize, weights.Forward.Length, weights.Bidirectional,
        weights.SumDirections, GateNetworkOptions.Of([.. weights.Cells]));

    /// <summary>Frames from one step to the next.</summary>
    public int Stride => Convolutions.Aggregate(1, (stride, layer) => stride * layer.StrideFrames);

    /// <summary>Width of what a recurrent layer puts out.</summary>
    public int LayerWidth => Bidirectional && !SumDirections ? 2 * StateSize : StateSize;

    /// <summary>Bins that a frame has after all convolutions.</summary>
    public int Bins => Convolutions.Aggregate(FrameWidth, (bins, layer) => (bins - 1) / layer.StrideBins + 1);

    /// <summary>Width of what the first recurrent layer reads.</summary>
    public int FeatureSize => Bins * Convolutions[^1].Channels;

    /// <summary>Steps of the recurrent layers for so many frames.</summary>
    public int Steps(int frames) => Convolutions.Aggregate(frames, (steps, layer) => (steps - 1) / layer.StrideFrames + 1);

    /// <summary>The fewest frames that give so many steps.</summary>
    public int Frames(int steps) => Convolutions.Reverse().Aggregate(steps, (frames, layer) => (frames - 1) * layer.StrideFrames + 1);
}
