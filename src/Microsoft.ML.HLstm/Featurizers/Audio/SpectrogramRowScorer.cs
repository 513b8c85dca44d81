using Microsoft.ML.HLstm.ModelFile;

namespace Microsoft.ML.HLstm.Featurizers.Audio;

/// <summary>Computes the spectrograms of one cursor's rows.</summary>
internal sealed class SpectrogramRowScorer(SpectrogramOptions options, SpectrogramShape shape) : SequenceScorer
{
    private readonly SpectrogramComputer _computer = new(options, shape);

    /// <inheritdoc/>
    public override void Score(ScorerInputs inputs, ScorerOutputs outputs) => outputs.SetSingles(0, _computer.Compute(inputs.Singles(0)));
}
