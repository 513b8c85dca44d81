using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML;

namespace Samples.Commands;

/// <summary>A request to end, as a service manager or a shutdown sends it, does not cost what was trained.</summary>
[TestClass]
public class InterruptionTests
{
    private const int SigTerm = 15;

    [TestMethod]
    [OSCondition(OperatingSystems.Linux | OperatingSystems.OSX)]
    public void A_run_that_is_told_to_end_saves_its_best_model()
    {
        using var folder = new TempFolder();
        var pairs = new StringBuilder();
        for (int i = 0; i < 60; i++)
            pairs.Append("I see a house number ").Append(i).Append("\tich sehe ein Haus Nummer ").Append(i).Append('\n');
        string data = folder.Write("pairs.tsv", pairs.ToString()), model = folder.PathOf("model.zip");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (string argument in (string[])[typeof(Interruption).Assembly.Location, "translate", "train", "--data", data, "--model", model, "--epochs", "100000", "--state-size", "8", "--embedding-size", "8", "--patience", "100000", "--threads", "1"])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Assert.Contains("epoch 1/", process.StandardOutput.ReadLine() ?? "");

        Assert.AreEqual(0, Kill(process.Id, SigTerm));
        string rest = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.AreEqual(0, process.ExitCode, rest);
        Assert.Contains("the best model so far is saved", rest);
        Assert.IsNotNull(new MLContext().Model.Load(model, out _));
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
