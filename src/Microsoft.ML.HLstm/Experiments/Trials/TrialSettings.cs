namespace Microsoft.ML.HLstm;

/// <summary>What a trial is to do.</summary>
public sealed record TrialSettings
{
    /// <summary>The number of the trial in its experiment, from 1.</summary>
    public required int TrialId { get; init; }

    /// <summary>The point of the search space.</summary>
    public required ParameterSet Parameter { get; init; }

    /// <summary>The share of <see cref="SequenceTrainerOptions.Epochs"/> that the model has been trained for at the end of the trial, above 0 and at most 1.</summary>
    public double Budget { get; init; } = 1;

    /// <summary>The share that <see cref="InitialModelPath"/> has been trained for already; 0 without one.</summary>
    public double BudgetBefore { get; init; }

    /// <summary>The earlier trial of the same point that this one goes on from; null when it starts anew.</summary>
    public int? ContinuedFrom { get; init; }

    /// <summary>The seed of everything random in the trial.</summary>
    public int Seed { get; init; }

    /// <summary>The model zip to write.</summary>
    public required string ModelPath { get; init; }

    /// <summary>The model zip of <see cref="ContinuedFrom"/>, where training goes on from; null when it starts anew.</summary>
    public string? InitialModelPath { get; init; }

    /// <summary>The working set that the process of the trial may have; null for no limit.</summary>
    public double? MaximumMemoryUsageInMegaByte { get; init; }

    /// <summary>Where the trial's training is written to on its way.</summary>
    internal string CheckpointFolder => ModelPath + ".checkpoints";
}
