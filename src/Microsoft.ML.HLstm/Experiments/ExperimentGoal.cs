namespace Microsoft.ML.HLstm;

/// <summary>Which model of an experiment is the best one.</summary>
public enum ExperimentGoal
{
    /// <summary>The one with the best metric; of equals the one with the fewest parameters.</summary>
    MostAccurate,

    /// <summary>The one with the fewest parameters within the allowed loss of the best metric.</summary>
    Smallest,

    /// <summary>The one with the lowest latency within the allowed loss of the best metric.</summary>
    Fastest,
}
