namespace Microsoft.ML.HLstm.Experiments;

/// <summary>Measures models as they lie in their zips: parameters, bytes, latency.</summary>
internal sealed class ModelMeasurement
{
    private readonly MLContext _mlContext;
    private readonly LatencyMeter _meter;
    private readonly Func<ITransformer, long> _parameters;

    /// <summary>Latencies are measured against the first model of the experiment, of an earlier run where there was one.</summary>
    public ModelMeasurement(MLContext mlContext, IDataView data, Func<ITransformer, long> parameters, IEnumerable<TrialResult> earlier)
    {
        (_mlContext, _meter, _parameters) = (mlContext, new LatencyMeter(mlContext, data), parameters);
        if (earlier.FirstOrDefault(result => result.Succeeded && File.Exists(result.TrialSettings.ModelPath)) is { } reference)
            _meter.SetReference(Load(reference), reference.LatencyInMilliseconds);
    }

    /// <summary>The result with what was measured.</summary>
    public TrialResult Measure(TrialResult result, CancellationToken cancellationToken)
    {
        ITransformer model = Load(result);
        return result with
        {
            Parameters = _parameters(model),
            ZipBytes = new FileInfo(result.TrialSettings.ModelPath).Length,
            LatencyInMilliseconds = _meter.Measure(model, cancellationToken),
        };
    }

    private ITransformer Load(TrialResult result) => _mlContext.Model.Load(result.TrialSettings.ModelPath, out _);
}
