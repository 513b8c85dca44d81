namespace Microsoft.ML.HLstm;

/// <summary>Told what happens in an experiment, one call at a time.</summary>
public interface IMonitor
{
    /// <summary>A trial begins.</summary>
    void ReportRunningTrial(TrialSettings settings);

    /// <summary>A trial has a model.</summary>
    void ReportCompletedTrial(TrialResult result);

    /// <summary>The trial that has just been completed is the best so far.</summary>
    void ReportBestTrial(TrialResult result);

    /// <summary>A trial has failed.</summary>
    void ReportFailTrial(TrialResult result);
}
