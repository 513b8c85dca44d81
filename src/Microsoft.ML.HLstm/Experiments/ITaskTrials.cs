namespace Microsoft.ML.HLstm.Experiments;

/// <summary>The trials of a task: what an experiment leaves to it.</summary>
internal interface ITaskTrials
{
    /// <summary>What models of the task do.</summary>
    string TaskName { get; }

    /// <summary>The metric that they are compared by.</summary>
    string MetricName { get; }

    /// <summary>True when the metric is an error rate.</summary>
    bool LowerMetricIsBetter { get; }

    /// <summary>Checks the columns of the data, where the trainer reads them itself.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or is not of its type.</exception>
    void CheckColumns(params IReadOnlyList<IDataView> data);

    /// <summary>What must stay the same for an experiment to go on with the trials of its folder.</summary>
    IReadOnlyDictionary<string, string> Fingerprint(IDataView train, IDataView validation);

    /// <summary>Makes what runs trials in this process.</summary>
    ITrialRunner CreateRunner(IDataView train, IDataView validation);

    /// <summary>The weights of a model that are not zero.</summary>
    long ParametersOf(ITransformer model);
}
