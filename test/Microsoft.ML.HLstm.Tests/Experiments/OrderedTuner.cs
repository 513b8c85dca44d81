namespace Microsoft.ML.HLstm.Tests.Experiments;

/// <summary>A tuner of one's own: values of one parameter, one after the other.</summary>
internal sealed class OrderedTuner(string name, params object[] values) : ITuner
{
    /// <summary>The trials that the tuner was told of.</summary>
    public List<int> Told { get; } = [];

    public ParameterSet Propose(TrialSettings settings) => new([KeyValuePair.Create(name, values[(settings.TrialId - 1) % values.Length])]);

    public void Update(TrialResult result) => Told.Add(result.TrialSettings.TrialId);
}
