namespace Microsoft.ML.HLstm.Training;

/// <summary>What an epoch gave.</summary>
internal readonly record struct EpochResult(double Loss, double Metric, long FlopsPerStep, double LearningRate, double Seconds);
