using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>Results for machines, with what is needed to compare them with others.</summary>
internal sealed record QuickReport(
    string Processor, int LogicalProcessors, string System, string Framework, string TorchSharp, string OnnxRuntime,
    int Threads, bool WideGates, string Model, IReadOnlyList<ContestResult> Results)
{
    private static readonly JsonSerializerOptions _options = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static QuickReport Of(int threads, bool wideGates, string model, IReadOnlyList<ContestResult> results) => new(
        ProcessorName(), Environment.ProcessorCount, RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription,
        typeof(TorchSharp.torch).Assembly.GetName().Version!.ToString(3), OrtEnv.Instance().GetVersionString(),
        threads, wideGates, Path.GetFileName(model), results);

    public string ToJson() => JsonSerializer.Serialize(this, _options);

    private static string ProcessorName()
    {
        const string Information = "/proc/cpuinfo";
        string? line = File.Exists(Information) ? File.ReadLines(Information).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':')[^1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
