using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.HLstm;

namespace Samples.Commands;

/// <summary>What the command line says about a training run, for the task to put into its trainer's options.</summary>
internal sealed record TrainingRequest(
    ParseResult Parse, int Seed, Algorithm Algorithm, GrowAndPruneSchedule Schedule, OptionSet<SequenceTrainerOptions> Shared,
    IDataView Train, IDataView? Validation, ITransformer? Initial, IProgress<TrainingProgress> Progress, CancellationToken CancellationToken)
{
    public const string CheckpointsOption = "--checkpoints";

    /// <summary>Changes the options last; null leaves them as they are.</summary>
    public Action<SequenceTrainerOptions>? Change { get; init; }

    /// <summary>Fills what every task's options have in common.</summary>
    public TOptions Configure<TOptions>(TOptions options) where TOptions : SequenceTrainerOptions
    {
        Shared.Apply(Parse, options);
        options.Seed = Seed;
        options.GrowAndPrune = Schedule;
        options.ValidationSet = Validation;
        options.Progress = Progress;
        options.CancellationToken = CancellationToken;
        options.ReturnBestOnCancel = true;
        Change?.Invoke(options);
        return options;
    }

    /// <summary>The options that every task's train command has.</summary>
    public static OptionSet<SequenceTrainerOptions> SharedOptions() => new OptionSet<SequenceTrainerOptions>()
        .Set<int>("--epochs", "Epochs before pruning starts (default: as many as the data need)", (o, v) => o.Epochs = v)
        .Set<int>("--state-size", "Units of a recurrent layer in one direction", (o, v) => o.StateSize = v)
        .Set<int>("--gate-size", "Units of a gate's hidden layer (default: half of the state)", (o, v) => o.GateHiddenSize = v)
        .Set<int>("--batch-size", "Rows that a training step takes together", (o, v) => o.BatchSize = v)
        .Set<double>("--learning-rate", "Adam's learning rate", (o, v) => o.LearningRate = v)
        .Set<int>("--warmup-steps", "Steps over which the learning rate rises from 0 at the start", (o, v) => o.WarmupSteps = v)
        .Set<LearningRateSchedule>("--learning-rate-schedule", "How the learning rate falls before pruning", (o, v) => o.LearningRateSchedule = v)
        .Set<float>("--dropout", "Dropout on embeddings and outputs of layers", (o, v) => o.Dropout = v)
        .Set<float>("--gate-dropout", "Dropout on the gates' hidden outputs", (o, v) => o.GateDropout = v)
        .Set<double>("--label-smoothing", "Share of probability spread over all classes", (o, v) => o.LabelSmoothing = v)
        .Set<double>("--weight-averaging", "Decay of the moving average of the weights; 0 for none", (o, v) => o.WeightAveraging = v)
        .Set<double>("--consistency-weight", "What it counts that two views of a row are predicted differently; 0 for one view", (o, v) => o.ConsistencyWeight = v)
        .Set<int>("--patience", "Epochs without a better metric before training goes on to the next phase", (o, v) => o.EarlyStoppingPatience = v)
        .Set<int>("--threads", "Threads for the matrix products of training", (o, v) => o.Threads = v)
        .Set<string>(CheckpointsOption, "Folder of checkpoints: the same command goes on from there after it was stopped", (o, v) => o.CheckpointFolder = v)
        .Set<double>("--checkpoint-minutes", "Minutes between checkpoints within an epoch", (o, v) => o.CheckpointInterval = Minutes(v))
        .Set<WeightPrecision>("--precision", "Weights of the trained model, in memory and in its zip", (o, v) => o.Precision = v)
        .Set<bool>("--save-report", "Puts the report of the training run into the zip", (o, v) => o.SaveReport = v);

    // Seven days and more, and what is not a number, are for the library to refuse.
    private static TimeSpan Minutes(double minutes) => Math.Abs(minutes) < 1e6 ? TimeSpan.FromMinutes(minutes) : TimeSpan.MaxValue;
}

/// <summary>A trained model with what there is to tell about it; a task whose transformer has no report has none here.</summary>
internal sealed record TrainedModel(
    ITransformer Model, Algorithm Algorithm, SequenceTrainerOptions Options, TrainingHistory History, ModelStatistics Statistics,
    TrainingReport? Report = null)
{
    /// <summary>The validation metric of the model.</summary>
    public double Metric => Report?.Metric ?? History.Epochs.LastOrDefault(entry => entry.Best)?.Metric ?? double.NaN;
}
