using Microsoft.ML.HLstm.Networks;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>The sizes that decide a speech recogniser's matrices.</summary>
internal sealed record SpeechShape(
    int FrameWidth, int Labels, IReadOnlyList<ConvolutionShape> Convolutions, int StateSize, int Layers, bool Bidirectional,
    bool SumDirections, GateNetworkOptions Gates)
{
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
