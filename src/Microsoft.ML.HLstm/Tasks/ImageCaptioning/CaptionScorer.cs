using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>
/// Captions pictures with managed code only, from features to token ids. Holds working memory, so each thread needs its own;
/// the network is shared.
/// </summary>
internal sealed class CaptionScorer
{
    private readonly CaptionEncoder _encoder;
    private readonly CaptionDecoder _decoder;
    private readonly BeamSearch _search = new();

    /// <summary>Makes a scorer on a network that others may share.</summary>
    public CaptionScorer(PackedCaptioner network)
    {
        _encoder = new CaptionEncoder(network);
        _decoder = new CaptionDecoder(network, _encoder);
    }

    /// <summary>Checks and packs the weights for this scorer alone.</summary>
    /// <exception cref="InvalidDataException">The shapes do not fit each other.</exception>
    public CaptionScorer(CaptionWeights weights)
        : this(new PackedCaptioner(weights))
    {
    }

    /// <summary>Captions pictures side by side; for each its captions, best first.</summary>
    /// <param name="images">Features of each: [F], or with attention [regions, F].</param>
    /// <param name="options">What to search for.</param>
    /// <exception cref="ArgumentException">A picture has another number of features, or an option is out of range.</exception>
    public IReadOnlyList<BeamHypothesis>[] CaptionAll(IReadOnlyList<ReadOnlyMemory<float>> images, BeamSearchOptions options)
    {
        options.Validate();
        if (images.Count == 0)
            return [];
        _encoder.Encode(images);
        return _search.SearchAll(_decoder, options);
    }

    /// <summary>
    /// The log-probability of a given caption, by which a training network and this scorer can be compared token by token.
    /// </summary>
    /// <param name="image">Features of the picture.</param>
    /// <param name="caption">Token ids without begin and end.</param>
    /// <returns>One natural logarithm for each token and one for the end.</returns>
    public float[] LogProbabilities(ReadOnlyMemory<float> image, ReadOnlySpan<int> caption)
    {
        _encoder.Encode([image]);
        _decoder.Begin(1);
        float[] result = new float[caption.Length + 1];
        int previous = SpecialTokens.Begin;
        for (int index = 0; index < result.Length; index++)
        {
            _decoder.Step([0], [previous]);
            _decoder.TryReadScores(out StepScores scores);
            previous = index < caption.Length ? caption[index] : SpecialTokens.End;
            if ((uint)previous >= (uint)_decoder.VocabularySize)
                throw new ArgumentOutOfRangeException(nameof(caption), previous, $"Token {index} of the caption is {previous}; 0 to {_decoder.VocabularySize - 1} are in the vocabulary.");
            result[index] = scores.LogProbability(0, previous);
        }

        return result;
    }
}
