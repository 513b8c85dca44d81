using System.Globalization;
using Microsoft.ML.HLstm;

namespace Samples.Reporting;

/// <summary>One line for each trial of an experiment that has ended.</summary>
internal sealed class TrialLines(TextWriter output) : IProgress<RunDetail>
{
    public void Report(RunDetail value) => output.WriteLine(value.Succeeded
        ? string.Create(CultureInfo.InvariantCulture, $"trial {value.TrialId}: metric {value.Metric:F2}, {value.Parameters:N0} parameters, {value.LatencyInMilliseconds:F2} ms, {value.ZipBytes:N0} bytes, {value.RuntimeInSeconds:F0} s, {value.Budget:P0} of the epochs; {value.Parameter}")
        : $"trial {value.TrialId} failed: {value.Exception!.Split('\n')[0]}");
}
