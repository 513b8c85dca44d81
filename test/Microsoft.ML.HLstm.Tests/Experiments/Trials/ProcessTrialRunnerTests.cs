using Microsoft.ML.HLstm.Tests.Tasks.Translation;
using Microsoft.ML.HLstm.Tests.TestSupport;

namespace Microsoft.ML.HLstm.Tests.Experiments.Trials;

[TestClass]
public class ProcessTrialRunnerTests
{
    private DirectoryInfo _folder = null!;

    [TestInitialize]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("hlstm-");

    [TestCleanup]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [TestMethod]
    public void A_process_that_crashes_is_a_failed_trial_beside_one_that_succeeds()
    {
        SequenceExperimentSettings<TranslationOptions> settings = Settings(_folder.FullName);
        settings.MaxConcurrentTrials = 2;
        using ProcessTrialRunner runner = new("dotnet", FreshProcess.CommandLine(RunTrial, _folder.FullName));
        settings.TrialRunner = runner;
        ExperimentResult result = TinyExperiment.Run(settings);

        RunDetail crashed = result.RunDetails[0], trained = result.RunDetails[1];
        StringAssert.Contains(crashed.Exception, "without a result");
        StringAssert.Contains(crashed.Exception, "the end of this process");
        Assert.IsTrue(trained.Succeeded, trained.Exception);
        Assert.IsGreaterThan(0, trained.PeakMemoryInMegaByte);
        // A trial is the same in whichever process it runs.
        SequenceExperimentSettings<TranslationOptions> here = Settings(Path.Combine(_folder.FullName, "here"));
        here.Tuner = (_, _) => new OrderedTuner("BatchSize", 10);
        Assert.AreEqual(TinyExperiment.Run(here).RunDetails[1].Metric, trained.Metric);
        Assert.HasCount(1, Directory.GetFiles(Path.Combine(_folder.FullName, "models")));
    }

    [TestMethod]
    public void A_trial_that_takes_too_much_memory_fails()
    {
        SequenceExperimentSettings<TranslationOptions> settings = Settings(_folder.FullName);
        settings.MaximumMemoryUsageInMegaByte = 1;
        settings.MaxTrials = 1;
        AggregateException exception = Assert.ThrowsExactly<AggregateException>(() => TinyExperiment.Run(settings));
        StringAssert.Contains(exception.InnerExceptions[0].Message, "allowed by MaximumMemoryUsageInMegaByte is 1 MB");
    }

    private static SequenceExperimentSettings<TranslationOptions> Settings(string folder) =>
        TinyExperiment.Settings(folder, new OrderedTuner("BatchSize", 7, 10), "BatchSize", 2);

    /// <summary>What the program in the child process does.</summary>
    private static string RunTrial(string[] arguments)
    {
        if (File.ReadAllText(arguments[^1]).Contains("\"BatchSize\": 7", StringComparison.Ordinal))
            Environment.FailFast("the end of this process");
        var mlContext = new MLContext(1);
        mlContext.Translation.CreateExperiment(Settings(arguments[0]))
            .RunTrial(arguments[^1], TinyCorpus.Load(mlContext, TinyExperiment.Train), TinyCorpus.Load(mlContext, TinyExperiment.Validation));
        return "";
    }
}
