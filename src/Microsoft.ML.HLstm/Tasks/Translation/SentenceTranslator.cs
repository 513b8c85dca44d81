using Microsoft.ML.HLstm.Featurizers;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>Translates text to text. Holds working memory: each thread needs its own; the model is shared.</summary>
internal sealed class SentenceTranslator(TranslationModel model, DecodingOptions decoding)
{
    private readonly TranslationScorer _scorer = new(model.Packed, decoding.Threads, model.Shortlist);
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
        VocabularyToken[] source = Tokenize(sentence, out tokens);
        return source.Length == 0 ? [("", 0)] : Texts(_scorer.Translate(Ids(source), _search), source);
    }

    /// <summary>
    /// For each sentence what <see cref="Translate"/> gives, but for the rounding of sums: neighbours in length side by side.
    /// </summary>
    /// <param name="sentences">In any order.</param>
    /// <param name="tokens">[sentences], filled with their lengths before they were cut.</param>
    public IReadOnlyList<(string Text, float LogProbability)>[] TranslateAll(IReadOnlyList<ReadOnlyMemory<char>> sentences, Span<int> tokens)
    {
        var sources = new VocabularyToken[sentences.Count][];
        for (int i = 0; i < sources.Length; i++)
            sources[i] = Tokenize(sentences[i].Span, out tokens[i]);
        int[] order = [.. Enumerable.Range(0, sources.Length).Where(i => sources[i].Length > 0).OrderBy(i => sources[i].Length)];
        IReadOnlyList<BeamHypothesis>[] found = _scorer.TranslateAll([.. order.Select(i => Ids(sources[i]).AsMemory())], _search);
        var results = new IReadOnlyList<(string, float)>[sources.Length];
        Array.Fill(results, [("", 0)]);
        for (int i = 0; i < order.Length; i++)
            results[order[i]] = Texts(found[i], sources[order[i]]);
        return results;
    }

    private VocabularyToken[] Tokenize(ReadOnlySpan<char> sentence, out int tokens)
    {
        VocabularyToken[] source = model.Source.Tokenize(sentence);
        tokens = source.Length;
        return tokens > model.MaximumLength ? source[..model.MaximumLength] : source;
    }

    private static int[] Ids(VocabularyToken[] source) => Array.ConvertAll(source, token => token.Id);

    private IReadOnlyList<(string Text, float LogProbability)> Texts(IReadOnlyList<BeamHypothesis> found, VocabularyToken[] source) =>
        [.. found.Select(hypothesis => (Text(hypothesis, source), (float)hypothesis.LogProbability))];

    /// <summary>An unknown word is replaced by the source word attended to; attention to the end of the sentence gives nothing.</summary>
    private string Text(BeamHypothesis hypothesis, VocabularyToken[] source) =>
        model.Target.Decode(hypothesis.Tokens, position =>
            hypothesis.Attended[position] is var at && at >= 0 && at < source.Length ? source[at].Surface : "");
}
