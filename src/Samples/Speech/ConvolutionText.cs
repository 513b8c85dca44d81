using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.HLstm;
using Samples.Commands;

namespace Samples.Speech;

/// <summary>Convolutions as the command line writes them: <c>CHANNELSxFRAMESxBINS/FRAMESxBINS,...</c>, kernels then strides.</summary>
internal static partial class ConvolutionText
{
    /// <exception cref="UsageException">The text is not of that form.</exception>
    public static ConvolutionShape[] Parse(string text) => [.. text.Split(',').Select(part =>
    {
        Match match = Layer().Match(part);
        if (!match.Success)
            throw new UsageException($"--conv has '{part}'; allowed is CHANNELSxFRAMESxBINS/FRAMESxBINS, kernel then strides, such as 16x11x11/2x2, one after the other with commas.");
        int Number(int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
        return new ConvolutionShape(Number(1), Number(2), Number(3), Number(4), Number(5));
    })];

    [GeneratedRegex(@"^\s*(\d{1,6})x(\d{1,6})x(\d{1,6})/(\d{1,6})x(\d{1,6})\s*$")]
    private static partial Regex Layer();
}
