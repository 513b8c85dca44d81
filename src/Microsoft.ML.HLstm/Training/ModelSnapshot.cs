namespace Microsoft.ML.HLstm.Training;

/// <summary>The weights and masks of a network at one moment.</summary>
internal sealed class ModelSnapshot
{
    private readonly float[][] _values;
    private readonly bool[]?[] _masks;

    /// <summary>Copies the weights and masks that the network has now.</summary>
    public ModelSnapshot(IReadOnlyList<TrainedParameter> parameters, GateActivation activation, double metric)
    {
        _values = [.. parameters.Select(p => p.Values.ToArray())];
        _masks = [.. parameters.Select(p => p.Matrix is null ? null : Array.ConvertAll(p.Matrix.Mask, value => value != 0))];
        (Activation, Metric) = (activation, metric);
    }

    /// <summary>The gates' activation.</summary>
    public GateActivation Activation { get; }

    /// <summary>The validation metric.</summary>
    public double Metric { get; }

    /// <summary>Gives a network of the same shape these weights and masks.</summary>
    public void Restore(IReadOnlyList<TrainedParameter> parameters)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            _values[i].CopyTo(parameters[i].Values);
            if (_masks[i] is { } mask)
                parameters[i].Matrix!.Restore(mask);
        }
    }
}
