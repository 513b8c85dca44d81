using Microsoft.ML.HLstm.Tests.Tasks.Translation;

namespace Microsoft.ML.HLstm.Tests.Experiments;

[TestClass]
public class SequenceExperimentTests
{
    private DirectoryInfo _folder = null!;

    [TestInitialize]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("hlstm-");

    [TestCleanup]
    public void DeleteFolder() => _folder.Delete(recursive: true);

    [TestMethod]
    public void A_search_with_budgets_gives_ranked_models_that_load_and_a_report()
    {
        var mlContext = new MLContext(1);
        TranslationOptions options = TinyCorpus.Options(16);
        options.GrowAndPrune = GrowAndPruneSchedule.Compact with { PruningRounds = 1, RecoveryEpochs = 1, FinalRecoveryEpochs = 1, AllowedLoss = 1 };
        var settings = new SequenceExperimentSettings<TranslationOptions>
        {
            Options = options,
            SearchSpace = new SearchSpace
            {
                [SearchSpace.Algorithm] = new ChoiceOption(SearchSpace.HLstm, SearchSpace.Lstm),
                ["StateSize"] = new ChoiceOption(12, 24),
                ["GrowAndPrune.TargetDensity"] = new UniformDoubleOption(0.4, 0.8),
            },
            Budgets = [0.5, 1],
            MaxTrials = 5,
            CheckpointFolder = _folder.FullName,
        };
        var ended = new List<int>();
        ExperimentResult result = TinyExperiment.Run(settings, new Told(run => ended.Add(run.TrialId)));

        CollectionAssert.AreEqual((int[])[1, 2, 3, 4, 5], ended);
        Assert.HasCount(5, result.RunDetails);
        Assert.IsTrue(result.RunDetails.All(run => run.Succeeded), string.Join("\n", result.RunDetails.Select(run => run.Exception)));
        Assert.AreEqual(result.RunDetails.Max(run => run.Metric), result.BestRun.Metric);
        Assert.Contains(result.BestRun, result.ParetoFront);
        // The better one of every two goes on from its model, with the same point, to the whole budget.
        RunDetail goneOn = result.RunDetails.First(run => run.ContinuedFrom is not null);
        RunDetail from = result.RunDetails[goneOn.ContinuedFrom!.Value - 1];
        Assert.AreEqual((0.5, 1.0), (from.Budget, goneOn.Budget));
        Assert.AreEqual(from.Parameter, goneOn.Parameter);
        Assert.IsGreaterThanOrEqualTo(from.Metric, goneOn.Metric);
        foreach (RunDetail run in result.RunDetails)
        {
            ITransformer model = mlContext.Model.Load(run.ModelPath, out _);
            Assert.AreEqual(((TranslationTransformer)model).Statistics.ActiveParameters, run.Parameters);
            Assert.AreEqual(new FileInfo(run.ModelPath!).Length, run.ZipBytes);
            Assert.IsGreaterThan(0, run.LatencyInMilliseconds);
            double bleu = mlContext.Translation.Evaluate(model.Transform(TinyCorpus.Load(mlContext, TinyExperiment.Validation)), "English").Bleu;
            Assert.AreEqual(bleu, run.Metric, 1e-9);
        }

        string page = File.ReadAllText(Path.Combine(result.Folder, "report.html"));
        Assert.AreEqual(2, page.Split("<svg").Length - 1);
        Assert.DoesNotContain("http", page);
        Assert.HasCount(6, File.ReadAllLines(Path.Combine(result.Folder, "trials.csv")));
        Assert.IsEmpty(Directory.GetDirectories(_folder.FullName, "*.checkpoints", SearchOption.AllDirectories));
    }

    [TestMethod]
    public void A_trial_that_fails_is_a_row_and_not_the_end()
    {
        var monitor = new RecordingMonitor();
        SequenceExperimentSettings<TranslationOptions> settings = TinyExperiment.Settings(_folder.FullName, new OrderedTuner("EmbeddingSize", 100_000, 8), "EmbeddingSize", 2);
        settings.Monitor = monitor;
        ExperimentResult result = TinyExperiment.Run(settings);

        Assert.AreEqual(2, result.BestRun.TrialId);
        StringAssert.Contains(result.RunDetails[0].Exception, "EmbeddingSize is 100000");
        Assert.IsNull(result.RunDetails[0].ModelPath);
        StringAssert.Contains(File.ReadAllLines(Path.Combine(result.Folder, "trials.csv"))[1], "EmbeddingSize is 100000");
        CollectionAssert.AreEqual((string[])["running 1", "failed 1", "running 2", "completed 2", "best 2"], monitor.Said);
    }

    [TestMethod]
    public void When_every_trial_fails_the_exception_has_all_failures()
    {
        SequenceExperimentSettings<TranslationOptions> settings = TinyExperiment.Settings(_folder.FullName, new OrderedTuner("EmbeddingSize", 100_000, 200_000, 300_000), "EmbeddingSize", 3);
        AggregateException exception = Assert.ThrowsExactly<AggregateException>(() => TinyExperiment.Run(settings));
        Assert.HasCount(3, exception.InnerExceptions);
        StringAssert.Contains(exception.InnerExceptions[1].Message, "EmbeddingSize is 200000");

        settings.MaxTrials = null;
        // Nobody waits for an hour of failures.
        Assert.HasCount(10, Assert.ThrowsExactly<AggregateException>(() => TinyExperiment.Run(settings)).InnerExceptions);
    }

    [TestMethod]
    public void Cancelling_returns_the_best_so_far_and_the_broken_off_trial_is_run_again()
    {
        using var source = new CancellationTokenSource();
        var tuner = new OrderedTuner("Epochs", 1, 100_000);
        SequenceExperimentSettings<TranslationOptions> settings = TinyExperiment.Settings(_folder.FullName, tuner, "Epochs", 3);
        settings.Options.EarlyStoppingPatience = 100_000;
        settings.CancellationToken = source.Token;
        settings.Monitor = new RecordingMonitor(trial =>
        {
            if (trial.TrialId == 2)
                source.CancelAfter(300);
        });
        ExperimentResult result = TinyExperiment.Run(settings);
        Assert.HasCount(1, result.RunDetails);
        Assert.AreEqual(1, result.BestRun.TrialId);

        // What was cancelled is run again as it was, though the tuner would propose something else now.
        string running = Path.Combine(_folder.FullName, "trials", "0002.running.json");
        File.WriteAllText(running, File.ReadAllText(running).Replace("100000", "2", StringComparison.Ordinal));
        settings.CancellationToken = default;
        var again = new OrderedTuner("Epochs", 1);
        settings.Tuner = (_, _) => again;
        settings.Monitor = null;
        result = TinyExperiment.Run(settings);
        CollectionAssert.AreEqual((int[])[1, 2, 1], result.RunDetails.Select(run => run.Parameter.Get<int>("Epochs")).ToArray());
        CollectionAssert.AreEqual((int[])[1, 2, 3], again.Told);

        using var before = new CancellationTokenSource();
        before.Cancel();
        settings = TinyExperiment.Settings(Path.Combine(_folder.FullName, "other"), tuner, "Epochs", 3);
        settings.CancellationToken = before.Token;
        Assert.Throws<OperationCanceledException>(() => TinyExperiment.Run(settings));
    }

    [TestMethod]
    public void An_experiment_that_goes_on_ends_as_one_that_was_never_broken_off()
    {
        string broken = Path.Combine(_folder.FullName, "broken"), whole = Path.Combine(_folder.FullName, "whole");
        TinyExperiment.Run(Settings(broken, 2));
        ExperimentResult resumed = TinyExperiment.Run(Settings(broken, 4)), once = TinyExperiment.Run(Settings(whole, 4));
        CollectionAssert.AreEqual(once.RunDetails.Select(run => (run.Parameter, run.Metric)).ToArray(), resumed.RunDetails.Select(run => (run.Parameter, run.Metric)).ToArray());

        SequenceExperimentSettings<TranslationOptions> other = Settings(broken, 6);
        other.Options.BatchSize = 11;
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => TinyExperiment.Run(other)).Message, "'option BatchSize' is '10'");
        var mlContext = new MLContext(1);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => mlContext.Translation.CreateExperiment(Settings(broken, 6)).Execute(
            TinyCorpus.Load(mlContext, TinyExperiment.Train), TinyCorpus.Load(mlContext, TinyExperiment.Validation.Skip(1)))).Message, "'validation rows' is");

        static SequenceExperimentSettings<TranslationOptions> Settings(string folder, int trials)
        {
            SequenceExperimentSettings<TranslationOptions> settings = TinyExperiment.Settings(folder, new OrderedTuner("StateSize", 8), "StateSize", trials);
            settings.SearchSpace["StateSize"] = new UniformIntOption(4, 24);
            settings.Tuner = null;
            return settings;
        }
    }

    [TestMethod]
    public void A_whole_pipeline_is_searched_with_parameters_of_its_own()
    {
        var mlContext = new MLContext(1);
        SequenceExperimentSettings<TranslationOptions> settings = TinyExperiment.Settings(_folder.FullName, new OrderedTuner("Punctuation", true, false), "Punctuation", 2);
        Assert.ThrowsExactly<ArgumentException>(() => mlContext.Translation.CreateExperiment(settings));
        settings.Pipeline = (parameter, options) =>
        {
            options.FeatureColumnName = "Normal";
            return mlContext.Transforms.Text.NormalizeText("Normal", "German", keepPunctuations: parameter.Get<bool>("Punctuation")).Append(mlContext.Translation.Trainers.Lstm(options));
        };
        ExperimentResult result = TinyExperiment.Run(settings);

        Assert.IsTrue(result.RunDetails.All(run => run.Succeeded), string.Join("\n", result.RunDetails.Select(run => run.Exception)));
        // One word less, the full stop, is one row of the source embedding less.
        Assert.AreNotEqual(result.RunDetails[0].Parameters, result.RunDetails[1].Parameters);
        IDataView scored = mlContext.Model.Load(result.BestRun.ModelPath, out _).Transform(TinyCorpus.Load(mlContext, TinyExperiment.Validation));
        Assert.AreEqual(result.BestRun.Metric, mlContext.Translation.Evaluate(scored, "English").Bleu, 1e-9);
    }

    [TestMethod]
    public void Bad_settings_and_columns_are_refused_before_anything_is_trained()
    {
        Refused(settings => settings.MaxTrials = 0, nameof(ExperimentSettings.MaxTrials));
        Refused(settings => (settings.MaxTrials, settings.MaxExperimentTime) = (null, null), "never end");
        Refused(settings => settings.MaxConcurrentTrials = 2, nameof(ExperimentSettings.MaxConcurrentTrials));
        Refused(settings => settings.Budgets = [0.5, 0.25, 1], nameof(ExperimentSettings.Budgets));
        Refused(settings => settings.AllowedLoss = 2, nameof(ExperimentSettings.AllowedLoss));
        Refused(settings => settings.OptimizingMetric = "WER", "BLEU");
        Refused(settings => settings.SearchSpace["Widht"] = new ChoiceOption(1), "'Widht'");
        Refused(settings => settings.SearchSpace["GrowAndPrune.TargetDensity"] = new ChoiceOption(0.1), "no effect");
        SequenceExperimentSettings<TranslationOptions> columns = TinyExperiment.Settings(_folder.FullName, new OrderedTuner("Epochs", 1), "Epochs", 1);
        columns.Options.FeatureColumnName = "Missing";
        StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(() => TinyExperiment.Run(columns)).Message, "Missing");
        Assert.IsEmpty(_folder.GetFileSystemInfos());

        void Refused(Action<SequenceExperimentSettings<TranslationOptions>> change, string message)
        {
            SequenceExperimentSettings<TranslationOptions> settings = TinyExperiment.Settings(_folder.FullName, new OrderedTuner("Epochs", 1), "Epochs", 1);
            change(settings);
            StringAssert.Contains(Assert.Throws<ArgumentException>(() => TinyExperiment.Run(settings)).Message, message);
        }
    }

    private sealed class Told(Action<RunDetail> tell) : IProgress<RunDetail>
    {
        public void Report(RunDetail value) => tell(value);
    }
}
