namespace Microsoft.ML.HLstm;

/// <summary>What every experiment can be told. Checked when the experiment is made.</summary>
public abstract class ExperimentSettings
{
    private protected ExperimentSettings()
    {
    }

    /// <summary>What is searched over. Options that are taken out have the value that the trainer's options say.</summary>
    public SearchSpace SearchSpace { get; set; } = SearchSpace.CreateDefault();

    /// <summary>
    /// No more time than this, above 0: a trial that is running then is given up. Null for no limit, where
    /// <see cref="MaxTrials"/> is one.
    /// </summary>
    public TimeSpan? MaxExperimentTime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>No more trials than this, from 1 to 1,000,000, failed ones and those of earlier runs in the folder included; null for no limit.</summary>
    public int? MaxTrials { get; set; }

    /// <summary>
    /// A trial whose process has a larger working set fails, above 0; null for no limit. Without child processes it is
    /// the process of the experiment that is measured, whatever else it holds.
    /// </summary>
    public double? MaximumMemoryUsageInMegaByte { get; set; }

    /// <summary>The metric that models are compared by, such as "BLEU" or "WER"; null takes the task's first.</summary>
    public string? OptimizingMetric { get; set; }

    /// <summary>Which model is the best one. The search is for the whole front, whatever the goal.</summary>
    public ExperimentGoal Goal { get; set; } = ExperimentGoal.MostAccurate;

    /// <summary>
    /// The loss of the metric, relative to the best, that <see cref="ExperimentGoal.Smallest"/> and
    /// <see cref="ExperimentGoal.Fastest"/> may cost; from 0 to 1.
    /// </summary>
    public double AllowedLoss { get; set; } = 0.05;

    /// <summary>The seed of everything random.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>
    /// The folder for models, trials and the report. An experiment with the same settings goes on with what is there. Null
    /// means a new one among the system's temporary files.
    /// </summary>
    public string? CheckpointFolder { get; set; }

    /// <summary>Cancelling ends the experiment within five seconds, with what it has.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Trials at the same time, from 1 to 64; above 1 only with a <see cref="TrialRunner"/> of child processes.</summary>
    public int MaxConcurrentTrials { get; set; } = 1;

    /// <summary>
    /// The shares of the epochs after which poor trials stop (successive halving; K. Jamieson, A. Talwalkar, arXiv 1502.07943),
    /// rising, each above 0 and the last 1. With <c>[1]</c> every trial is trained to its end.
    /// </summary>
    public IReadOnlyList<double> Budgets { get; set; } = [1.0 / 9, 1.0 / 3, 1];

    /// <summary>Makes the tuner from the search space and the seed; null for a <see cref="GaussianProcessTuner"/>.</summary>
    public Func<SearchSpace, int, ITuner>? Tuner { get; set; }

    /// <summary>
    /// Runs the trials: a <see cref="ProcessTrialRunner"/>, or one of one's own. Null runs them in this process. The experiment
    /// does not dispose of it.
    /// </summary>
    public ITrialRunner? TrialRunner { get; set; }

    /// <summary>Told what happens; null for nobody.</summary>
    public IMonitor? Monitor { get; set; }

    internal virtual void Validate()
    {
        OptionChecks.NotNull(SearchSpace, nameof(SearchSpace));
        if (MaxExperimentTime is null && MaxTrials is null)
            throw new ArgumentException($"Neither {nameof(MaxExperimentTime)} nor {nameof(MaxTrials)} is set: the experiment would never end.");
        if (MaxExperimentTime is { } time && time <= TimeSpan.Zero)
            throw OptionChecks.OutOfRange(nameof(MaxExperimentTime), time, "above 0");
        if (MaxTrials is { } trials)
            OptionChecks.InRange(trials, 1, 1_000_000, nameof(MaxTrials));
        if (MaximumMemoryUsageInMegaByte is { } memory)
            OptionChecks.AboveUpTo(memory, 0, double.MaxValue, nameof(MaximumMemoryUsageInMegaByte));
        OptionChecks.Defined(Goal, nameof(Goal));
        OptionChecks.InRange(AllowedLoss, 0, 1, nameof(AllowedLoss));
        OptionChecks.InRange(MaxConcurrentTrials, 1, 64, nameof(MaxConcurrentTrials));
        if (MaxConcurrentTrials > 1 && TrialRunner is null)
            throw OptionChecks.OutOfRange(nameof(MaxConcurrentTrials), MaxConcurrentTrials, $"1 without a {nameof(TrialRunner)} of child processes");
        OptionChecks.NotNull(Budgets, nameof(Budgets));
        if (Budgets.Count == 0 || Budgets[^1] != 1 || Budgets.Zip(Budgets.Prepend(0)).Any(pair => !(pair.First > pair.Second)))
            throw OptionChecks.OutOfRange(nameof(Budgets), string.Join(", ", Budgets), "rising shares above 0 whose last is 1");
    }
}
