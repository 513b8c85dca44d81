using System.Diagnostics;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.HLstm;

namespace Samples.Commands;

[TestClass]
public class ExperimentCommandTests
{
    [TestMethod]
    public void Trials_in_child_processes_leave_models_and_a_report()
    {
        using var folder = new TempFolder();
        var pairs = new StringBuilder();
        for (int i = 0; i < 40; i++)
            pairs.Append("I see a house number ").Append(i % 8).Append("\tich sehe ein Haus Nummer ").Append(i % 8).Append('\n');
        string data = folder.Write("pairs.tsv", pairs.ToString()), report = folder.PathOf("report");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[typeof(ExperimentCommand).Assembly.Location, "translate", "experiment", "--data", data, "--valid", data, "--trials", "2", "--processes", "1",
            "--report", report, "--epochs", "2", "--state-size", "8", "--embedding-size", "8", "--threads", "1", "--search", "GrowAndPrune.TargetDensity=0.5", "--search", "Algorithm=Lstm"])
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.AreEqual(0, process.ExitCode, output + errors.Result);
        Assert.Contains("trial 2: metric", output);
        Assert.HasCount(3, File.ReadAllLines(Path.Combine(report, "trials.csv")));
        Assert.IsTrue(File.Exists(Path.Combine(report, "report.html")));
        var model = (TranslationTransformer)new MLContext().Model.Load(Path.Combine(report, "models", "0001.zip"), out _);
        // 4 (I + H) H, both ways and for the decoder, which reads an embedding and the attention: what the command line pinned.
        Assert.AreEqual(2 * 4 * (8 + 8) * 8 + 4 * (16 + 8) * 8, model.Statistics.RecurrentParameters);
    }

    [TestMethod]
    public void A_search_is_narrowed_by_names_with_values()
    {
        SearchSpace space = SearchSpace.CreateDefault();
        ExperimentRequest.Narrow(space, "StateSize=64,128");
        ExperimentRequest.Narrow(space, "Subwords=true,false");
        Assert.AreEqual(new ChoiceOption(64, 128).ToString(), space["StateSize"].ToString());
        Assert.AreEqual(new ChoiceOption(true, false).ToString(), space["Subwords"].ToString());
        foreach (string wrong in (string[])["StateSize", "StateSize=", "=3"])
            Assert.Contains($"--search is '{wrong}'", Assert.ThrowsExactly<UsageException>(() => ExperimentRequest.Narrow(space, wrong)).Message);
    }
}
