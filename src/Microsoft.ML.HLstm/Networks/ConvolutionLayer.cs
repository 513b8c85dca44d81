using Microsoft.ML.HLstm.Inference;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks;

/// <summary>
/// A convolution over time and frequency, batch normalisation, and a ReLU clipped at <see cref="ConvolutionWeights.Ceiling"/>.
/// Padding is zeros, half a kernel before and behind; steps beyond a sequence's length stay zero, so that a sequence does not
/// see how long others are.
/// </summary>
internal sealed class ConvolutionLayer : nn.Module
{
    private readonly long[] _strides;
    private readonly long[] _padding;

    /// <summary>A layer with random weights.</summary>
    public ConvolutionLayer(string name, int inputChannels, ConvolutionShape shape, Initializer random) : base(name)
    {
        (InputChannels, Shape) = (inputChannels, shape);
        _strides = [shape.StrideFrames, shape.StrideBins];
        _padding = [shape.KernelFrames / 2, shape.KernelBins / 2];
        int fanIn = inputChannels * shape.KernelFrames * shape.KernelBins;
        Kernel = random.Uniform(Initializer.KaimingBound(fanIn), shape.Channels, inputChannels, shape.KernelFrames, shape.KernelBins);
        Normalization = new BatchNormalization("normalization", shape.Channels, random);
        register_parameter("kernel", Kernel);
        register_module("normalization", Normalization);
    }

    /// <summary>Channels that go in.</summary>
    public int InputChannels { get; }

    /// <summary>The sizes.</summary>
    public ConvolutionShape Shape { get; }

    /// <summary>(channels out, channels in, frames, bins).</summary>
    public Weight Kernel { get; }

    /// <summary>Of the channels that come out.</summary>
    public BatchNormalization Normalization { get; }

    /// <summary>
    /// Maps (B, T, F, channels in) to (B, T', F', channels out): channels last, because the processor's vectors then hold the
    /// channels of one position.
    /// </summary>
    public (Tensor Maps, int[] Lengths) Run(Tensor input, IReadOnlyList<int> lengths)
    {
        int[] shorter = [.. lengths.Select(length => (length - 1) / Shape.StrideFrames + 1)];
        ValidSteps valid = ValidSteps.BatchFirst(shorter);
        Tensor sums = nn.functional.conv2d(input.permute(0, 3, 1, 2), Kernel, null, _strides, _padding).permute(0, 2, 3, 1);
        long batch = sums.shape[0], steps = sums.shape[1], bins = sums.shape[2], channels = sums.shape[3];
        Tensor rows = valid.Take(sums.reshape(batch * steps, bins * channels)).view(-1, channels);
        Tensor outputs = Normalization.Run(rows).Within(0, ConvolutionWeights.Ceiling);
        return (valid.Put(outputs.view(-1, bins * channels)).view(batch, steps, bins, channels), shorter);
    }
}
