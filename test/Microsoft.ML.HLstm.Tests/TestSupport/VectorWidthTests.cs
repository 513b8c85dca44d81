using System.Diagnostics;
using Microsoft.ML.HLstm.Inference.Packing;

namespace Microsoft.ML.HLstm.Tests.TestSupport;

/// <summary>
/// Kernels stand in the code once for each vector width, and a processor takes one of them: the tests of kernels again in processes whose runtime
/// is told to do without the longer vectors of this processor.
/// </summary>
[TestClass]
public class VectorWidthTests
{
    [TestMethod]
    [DataRow(nameof(InstructionSet.Avx512), "DOTNET_EnableAVX512")]
    [DataRow(nameof(InstructionSet.Avx2), "DOTNET_EnableAVX2")]
    public void Kernels_for_shorter_vectors_pass_the_same_tests(string setName, string variable)
    {
        if (!InstructionSets.Supports(Enum.Parse<InstructionSet>(setName)))
            Assert.Inconclusive($"This processor has no {setName}.");
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(VectorWidthTests).Assembly.Location);
        start.ArgumentList.Add("--no-ansi");
        start.ArgumentList.Add("--filter");
        // Finite differences are of the composed network in float64, which no kernel computes.
        start.ArgumentList.Add("(FullyQualifiedName~Tests.Networks|FullyQualifiedName~Tests.Inference)&FullyQualifiedName!~Finite_differences");
        start.Environment[variable] = "0";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.AreEqual(0, process.ExitCode, output + errors.Result);
        Assert.Contains($"\"{setName}\"", string.Concat(output.Split('\n').Where(line => line.StartsWith("skipped", StringComparison.Ordinal))), $"{variable} has no effect:\n{output}");
    }
}
