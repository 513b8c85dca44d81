namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// A convolution over time and frequency, batch normalisation, and a ReLU clipped at <see cref="Ceiling"/>. Padding is zeros,
/// half a kernel before and behind, so an axis of n gives <c>(n - 1) / stride + 1</c>.
/// </summary>
internal sealed record ConvolutionWeights
{
    /// <summary>The greatest activation (DeepSpeech 2, arXiv 1512.02595).</summary>
    public const float Ceiling = 20;

    /// <summary>[output channels, input channels x <see cref="KernelFrames"/> x <see cref="KernelBins"/>], the bins last.</summary>
    public required WeightMatrix Kernel { get; init; }

    /// <summary>Channels that go in; 1 for the first layer.</summary>
    public required int InputChannels { get; init; }

    /// <summary>Extent of the kernel in time; odd.</summary>
    public required int KernelFrames { get; init; }

    /// <summary>Extent of the kernel in frequency; odd.</summary>
    public required int KernelBins { get; init; }

    /// <summary>Step in time.</summary>
    public required int StrideFrames { get; init; }

    /// <summary>Step in frequency.</summary>
    public required int StrideBins { get; init; }

    /// <summary>Of the output channels. It follows the convolution, which needs no bias of its own.</summary>
    public required Normalization Normalization { get; init; }

    /// <summary>Channels that come out.</summary>
    public int OutputChannels => Kernel.Rows;

    /// <summary>Its sizes, as options state them.</summary>
    public ConvolutionShape Shape => new(OutputChannels, KernelFrames, KernelBins, StrideFrames, StrideBins);
}
