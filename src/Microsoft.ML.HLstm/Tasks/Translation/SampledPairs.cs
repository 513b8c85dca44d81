using Microsoft.ML.HLstm.Featurizers;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>Training pairs whose subwords are cut in another way each time they are asked for.</summary>
internal sealed class SampledPairs(ParallelText text, SubwordSampler source, SubwordSampler target, int maximumLength, Random random)
{
    /// <summary>Source tokens of a row, with the end token.</summary>
    public int[] Source(int row) => [.. source.Encode(text.Sources[row], random).Take(maximumLength), TextVocabulary.End];

    /// <summary>Target tokens of a row.</summary>
    public int[] Target(int row) => [.. target.Encode(text.Targets[row], random).Take(maximumLength)];
}
