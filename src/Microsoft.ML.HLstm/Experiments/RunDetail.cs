namespace Microsoft.ML.HLstm;

/// <summary>One trial of an experiment.</summary>
public sealed class RunDetail
{
    internal RunDetail(TrialResult result) => Result = result;

    /// <summary>The number of the trial, from 1.</summary>
    public int TrialId => Result.TrialSettings.TrialId;

    /// <summary>The point of the search space.</summary>
    public ParameterSet Parameter => Result.TrialSettings.Parameter;

    /// <summary>The share of the epochs that the model has been trained for, above 0 and at most 1.</summary>
    public double Budget => Result.TrialSettings.Budget;

    /// <summary>The trial that this one went on from; null when it started anew.</summary>
    public int? ContinuedFrom => Result.TrialSettings.ContinuedFrom;

    /// <summary>The optimizing metric on the validation data; NaN when the trial failed.</summary>
    public double Metric => Result.Metric;

    /// <summary>Weights of the saved model that are not zero; 0 when the trial failed.</summary>
    public long Parameters => Result.Parameters;

    /// <summary>Milliseconds for one row, alone; NaN when the trial failed.</summary>
    public double LatencyInMilliseconds => Result.LatencyInMilliseconds;

    /// <summary>Bytes of the model zip; 0 when the trial failed.</summary>
    public long ZipBytes => Result.ZipBytes;

    /// <summary>Seconds that the trial took, without those of the trials that it went on from.</summary>
    public double RuntimeInSeconds => Result.DurationInMilliseconds / 1000;

    /// <summary>The largest working set of the process while the trial ran; 0 where it was not watched.</summary>
    public double PeakMemoryInMegaByte => Result.PeakMemoryInMegaByte;

    /// <summary>Why the trial failed; null when it did not.</summary>
    public string? Exception => Result.Exception;

    /// <summary>True when there is a model.</summary>
    public bool Succeeded => Result.Succeeded;

    /// <summary>The model zip, for <c>mlContext.Model.Load</c>; null when the trial failed.</summary>
    public string? ModelPath => Result.Succeeded ? Result.TrialSettings.ModelPath : null;

    internal TrialResult Result { get; }
}
