using Microsoft.ML.HLstm.Experiments;

namespace Microsoft.ML.HLstm;

/// <summary>Proposes points at random, each option evenly over its range.</summary>
/// <param name="space">The space.</param>
/// <param name="seed">The seed.</param>
public sealed class RandomTuner(SearchSpace space, int seed = 0) : ITuner
{
    /// <inheritdoc/>
    public ParameterSet Propose(TrialSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Random random = TrialRandom.Create(seed, settings.TrialId);
        return space.Choose((_, option) => option.At(random.NextDouble()));
    }

    /// <inheritdoc/>
    public void Update(TrialResult result)
    {
    }
}
