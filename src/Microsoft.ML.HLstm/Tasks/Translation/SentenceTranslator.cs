using Microsoft.ML.HLstm.Featurizers;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>Translates text to text. Holds working memory: each thread needs its own; the model is shared.</summary>
internal sealed class SentenceTranslator(TranslationModel model, DecodingOptions decoding)
{
    private readonly TranslationScorer _scorer = new(model.Packed);
    private readonly BeamSearchOptions _search = new()
    {
        BeamWidth = decoding.BeamWidth,
        LengthNormalization = decoding.LengthNormalization,
        MaximumLength = decoding.MaximumLength,
        NoRepeatNgramSize = decoding.NoRepeatNgramSize,
        ResultCount = Math.Min(decoding.Alternatives, decoding.BeamWidth),
    };

    /// <summary>
    /// The translations found, best first, with their log-probabilities. An empty sentence has the empty translation, with
    /// log-probability 0. <paramref name="tokens"/> is the sentence's length before it was cut.
    /// </summary>
    public IReadOnlyList<(string Text, float LogProbability)> Translate(ReadOnlySpan<char> sentence, out int tokens)
    {
        VocabularyToken[] source = model.Source.Tokenize(sentence);
        tokens = source.Length;
        if (source.Length == 0)
            return [("", 0)];
        VocabularyToken[] kept = source.Length > model.MaximumLength ? source[..model.MaximumLength] : source;
        IReadOnlyList<BeamHypothesis> found = _scorer.Translate(Array.ConvertAll(kept, token => token.Id), _search);
        return [.. found.Select(hypothesis => (Text(hypothesis, kept), (float)hypothesis.LogProbability))];
    }

    /// <summary>An unknown word is replaced by the source word attended to; attention to the end of the sentence gives nothing.</summary>
    private string Text(BeamHypothesis hypothesis, VocabularyToken[] source) =>
        model.Target.Decode(hypothesis.Tokens, position =>
            hypothesis.Attended[position] is var at && at >= 0 && at < source.Length ? source[at].Surface : "");
}
