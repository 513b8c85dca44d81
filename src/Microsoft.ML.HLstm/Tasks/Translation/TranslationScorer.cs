using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>
/// Translates token ids with managed code only. Holds working memory, so each thread needs its own; the network is shared.
/// </summary>
internal sealed class TranslationScorer
{
    private readonly TranslationEncoder _encoder;
    private readonly TranslationDecoder _decoder;
    private readonly LexicalShortlist? _shortlist;
    private readonly BeamSearch _search = new();

    /// <summary>Makes a scorer on a network that others may share.</summary>
    /// <param name="network">The network.</param>
    /// <param name="threads">With 2 or more, the encoder's directions run side by side.</param>
    /// <param name="shortlist">Which target tokens are scored; null for all.</param>
    public TranslationScorer(PackedTranslation network, int threads = 1, LexicalShortlist? shortlist = null)
    {
        _shortlist = shortlist;
        _encoder = new TranslationEncoder(network, threads);
        _decoder = new TranslationDecoder(network, _encoder);
    }

    /// <summary>Checks and packs the weights for this scorer alone.</summary>
    /// <exception cref="InvalidDataException">The shapes do not fit each other.</exception>
    public TranslationScorer(TranslationWeights weights)
        : this(new PackedTranslation(weights))
    {
    }

    /// <summary>Translates one sentence.</summary>
    /// <param name="source">Source token ids without begin and end; may be empty.</param>
    /// <param name="options">What to search for.</param>
    /// <returns>
    /// Translations, best first. Attended positions are indexes of <paramref name="source"/>, or -1 where it is empty.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">A token is not in the source vocabulary, or an option is out of range.</exception>
    public IReadOnlyList<BeamHypothesis> Translate(ReadOnlySpan<int> source, BeamSearchOptions options)
    {
        options.Validate();
        _encoder.Encode(source);
        _decoder.Shortlists = _shortlist is null ? null : [_shortlist.For(source)];
        return _search.Search(_decoder, options);
    }

    /// <summary>Translates sentences side by side, fastest where they are about equally long.</summary>
    /// <returns>For each sentence what <see cref="Translate"/> returns, but for the rounding of sums.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A token is not in the source vocabulary, or an option is out of range.</exception>
    public IReadOnlyList<BeamHypothesis>[] TranslateAll(IReadOnlyList<ReadOnlyMemory<int>> sources, BeamSearchOptions options)
    {
        options.Validate();
        if (sources.Count == 0)
            return [];
        _encoder.Encode(sources);
        _decoder.Shortlists = _shortlist is null ? null : [.. sources.Select(source => _shortlist.For(source.Span))];
        return _search.SearchAll(_decoder, options);
    }

    /// <summary>
    /// The log-probability of a given target among all of the vocabulary, by which a training network and this scorer can be compared token by token.
    /// </summary>
    /// <param name="source">Source token ids without begin and end.</param>
    /// <param name="target">Target token ids without begin and end.</param>
    /// <returns>One natural logarithm for each target token and one for the end.</returns>
    public float[] LogProbabilities(ReadOnlySpan<int> source, ReadOnlySpan<int> target)
    {
        _encoder.Encode(source);
        _decoder.Shortlists = null;
        _decoder.Begin(1);
        float[] result = new float[target.Length + 1];
        int previous = SpecialTokens.Begin;
        for (int index = 0; index < result.Length; index++)
        {
            _decoder.Step([0], [previous]);
            _decoder.TryReadScores(out StepScores scores);
            previous = index < target.Length ? target[index] : SpecialTokens.End;
            if ((uint)previous >= (uint)_decoder.VocabularySize)
                throw new ArgumentOutOfRangeException(nameof(target), previous, $"Token {index} of the target is {previous}; 0 to {_decoder.VocabularySize - 1} are in the vocabulary.");
            result[index] = scores.LogProbability(0, previous);
        }

        return result;
    }
}
