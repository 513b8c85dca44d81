using Microsoft.ML.HLstm.GrowAndPrune;

namespace Microsoft.ML.HLstm.Training;

/// <summary>Weights and masks of a network, kept so that it can go back to them. Its memory is used again and again.</summary>
internal sealed class ModelSnapshot(IReadOnlyList<TrainedParameter> parameters)
{
    private readonly float[][] _values = [.. parameters.Select(p => new float[p.Values.Length])];
    private readonly bool[]?[] _masks = [.. parameters.Select(p => p.Matrix is null ? null : new bool[p.Matrix.Count])];

    private readonly SparsityPattern[] _patterns = new SparsityPattern[parameters.Count];

    /// <summary>The gates' activation.</summary>
    public GateActivation Activation { get; private set; }

    /// <summary>The validation metric.</summary>
    public double Metric { get; private set; }

    /// <summary>Takes over the weights and masks that the network has now.</summary>
    public void Take(GateActivation activation, double metric)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            parameters[i].Values.CopyTo(_values[i]);
            if (_masks[i] is { } active)
            {
                MaskedMatrix matrix = parameters[i].Matrix!;
                _patterns[i] = matrix.Pattern;
                for (int c = 0; c < active.Length; c++)
                    active[c] = matrix.Mask[c] != 0;
            }
        }

        (Activation, Metric) = (activation, metric);
    }

    /// <summary>Gives the network these weights and masks.</summary>
    public void Restore()
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            _values[i].CopyTo(parameters[i].Values);
            if (_masks[i] is { } mask)
                parameters[i].Matrix!.Restore(mask, _patterns[i]);
        }
    }
}
