namespace Microsoft.ML.HLstm;

/// <summary>One convolution over time and frequency, padded by half its kernel on every side.</summary>
/// <param name="Channels">Channels that come out, from 1 to 1,024.</param>
/// <param name="KernelFrames">Extent in time, odd, from 1 to 101.</param>
/// <param name="KernelBins">Extent in frequency, odd, from 1 to 101.</param>
/// <param name="StrideFrames">Step in time, from 1 to 16: the recurrent layers read so many times fewer frames.</param>
/// <param name="StrideBins">Step in frequency, from 1 to 16.</param>
public sealed record ConvolutionShape(int Channels, int KernelFrames, int KernelBins, int StrideFrames, int StrideBins)
{
    internal void Validate(string option)
    {
        OptionChecks.InRange(Channels, 1, 1024, $"{option}.{nameof(Channels)}");
        Odd(KernelFrames, $"{option}.{nameof(KernelFrames)}");
        Odd(KernelBins, $"{option}.{nameof(KernelBins)}");
        OptionChecks.InRange(StrideFrames, 1, 16, $"{option}.{nameof(StrideFrames)}");
        OptionChecks.InRange(StrideBins, 1, 16, $"{option}.{nameof(StrideBins)}");
    }

    private static void Odd(int value, string option)
    {
        if (value < 1 || value > 101 || value % 2 == 0)
            throw OptionChecks.OutOfRange(option, value, "an odd number from 1 to 101");
    }
}
