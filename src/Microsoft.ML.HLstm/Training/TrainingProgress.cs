namespace Microsoft.ML.HLstm;

/// <summary>Where a training run stands; reported after every batch and after every epoch's validation.</summary>
/// <param name="Phase">The phase of grow-and-prune.</param>
/// <param name="Epoch">The epoch over the whole run, from 1; while preparing the last one that ended, 0 before the first.</param>
/// <param name="PlannedEpochs">Epochs that the run has at most; more where the last of several pruned networks lost too much, so that the one before it is trained to its end.</param>
/// <param name="Batch">Batches of this epoch, or of what is prepared, that are done.</param>
/// <param name="Batches">Batches in this epoch, or in what is prepared.</param>
/// <param name="Loss">Mean loss per predicted token in this epoch so far; NaN while preparing.</param>
/// <param name="MetricName">Name of the validation metric, such as "BLEU".</param>
/// <param name="Metric">The last validation metric; NaN before the first.</param>
/// <param name="BestMetric">The best validation metric so far; NaN before the first.</param>
/// <param name="ActiveConnections">Connections in masked matrices that are active.</param>
/// <param name="Connections">All connections of masked matrices, active and dormant.</param>
/// <param name="Elapsed">Time since training began.</param>
/// <param name="Remaining">Time left if every planned epoch is run at the present pace; null before the first batch and while preparing.</param>
public sealed record TrainingProgress(
    TrainingPhase Phase, int Epoch, int PlannedEpochs, int Batch, int Batches, double Loss, string MetricName,
    double Metric, double BestMetric, long ActiveConnections, long Connections, TimeSpan Elapsed, TimeSpan? Remaining);
