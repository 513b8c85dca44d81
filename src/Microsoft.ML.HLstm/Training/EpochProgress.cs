namespace Microsoft.ML.HLstm.Training;

/// <summary>How far an epoch has come; between batches, together with the state of the random streams, all there is to know of it.</summary>
internal sealed class EpochProgress
{
    /// <summary>Batches that are done.</summary>
    public int Batch { get; set; }

    /// <summary>The loss of all predictions so far, summed up.</summary>
    public double LossSum { get; set; }

    /// <summary>Predictions so far.</summary>
    public long Predictions { get; set; }

    /// <summary>Seconds that the epoch had taken when training went on with it.</summary>
    public double SecondsBefore { get; set; }

    /// <summary>The mean loss so far; 0 before the first prediction.</summary>
    public double Loss => LossSum / Math.Max(1, Predictions);
}
