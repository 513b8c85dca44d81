using System.Globalization;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>
/// Validates a network by the word accuracy of its transcripts, made by the managed code that will score, as it will score: what is
/// chosen is what is deployed.
/// </summary>
/// <param name="held">The recordings and what is said in them.</param>
/// <param name="language">What a model knows of the language.</param>
/// <param name="given">How transcripts are searched for; null where that is still to be found out.</param>
/// <param name="threads">Recordings at a time.</param>
internal sealed class SpeechValidation(SpeechTranscripts held, SpeechLanguage language, CtcDecodingOptions? given, int threads)
{
    private const int Together = 16;

    // Some five hundred searches are tried: frames of so much speech, ten minutes at a frame each 10 ms.
    private const long MostSearched = 60_000;

    /// <summary>
    /// 100 (1 - word error rate) of the given weights: 100 is perfect, and insertions can take it below 0. Where the search is not given, it is that of a few
    /// searches with the fewest errors, because each network has its own.
    /// </summary>
    public double WordAccuracy(SpeechWeights weights, CancellationToken cancellationToken)
    {
        float[][] found = LogProbabilities(weights, [.. Enumerable.Range(0, held.Rows.Count)], cancellationToken);
        var search = new DecodingSearch(language, found, held.Texts, threads);
        if (given is not null)
            return 100 * (1 - search.Rate(given));
        int[] rows = Searched(weights.FrameWidth);
        DecodingSearch choice = rows.Length == found.Length ? search : Among(rows, Array.ConvertAll(rows, row => found[row]));
        return 100 * (1 - search.Rate(choice.BestOfFew(cancellationToken)));
    }

    /// <summary>
    /// The given search, or where there is none the one with which a model makes the fewest word errors: greedy where there is no language model
    /// or none helps. With it goes what the model then has to know of the language.
    /// </summary>
    public (SpeechLanguage Language, CtcDecodingOptions Decoding) Search(SpeechModel model, Preparation preparation, IChannel log, CancellationToken cancellationToken)
    {
        if (given is { PriorWeight: 0 } || (given is null && language.Model is null))
            return (language, given ?? DecodingSearch.Greedy);
        int[] rows = Searched(model.Frames.Width);
        // Whoever cancels training still wants the model, which is there by now.
        DecodingSearch search = Among(rows, LogProbabilities(model.Weights, rows, CancellationToken.None));
        if (given is not null)
            return (search.Language, given);
        (CtcDecodingOptions best, double rate, double greedy) = search.Run(preparation, cancellationToken);
        log.Info(string.Create(CultureInfo.InvariantCulture,
            $"The search with the fewest word errors, {100 * rate:F2} % ({100 * greedy:F2} % without): beam {best.BeamWidth}, language model {best.LanguageModelWeight}, word bonus {best.WordBonus}, character bonus {best.CharacterBonus}, priors {best.PriorWeight}, words of the list only: {best.RestrictToWordList}, unknown word {-best.UnknownWordPenalty}."));
        return (search.Language, best);
    }

    /// <summary>The recordings that searches are tried on: evenly some of them, where they are long together.</summary>
    private int[] Searched(int frameWidth)
    {
        int[] rows = [.. Enumerable.Range(0, held.Rows.Count)];
        long frames = rows.Sum(row => (long)held.Frames[row].Length / frameWidth);
        return frames <= MostSearched ? rows : [.. rows.Where(row => row * MostSearched / frames != (row - 1) * MostSearched / frames || row == 0)];
    }

    private DecodingSearch Among(int[] rows, float[][] found) => new(language, found, Array.ConvertAll(rows, row => held.Texts[row]), threads);

    private float[][] LogProbabilities(SpeechWeights weights, int[] rows, CancellationToken cancellationToken)
    {
        var packed = new PackedSpeech(weights);
        float[][] found = new float[rows.Length][];
        int[][] batches = [.. Enumerable.Range(0, rows.Length).OrderBy(i => held.Frames[rows[i]].Length).Chunk(Together)];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, batches.Length, options, () => new SpeechScorer(packed), (batch, _, scorer) =>
        {
            var together = scorer.LogProbabilitiesAll([.. batches[batch].Select(i => (ReadOnlyMemory<float>)held.Frames[rows[i]])]);
            for (int i = 0; i < together.Length; i++)
                found[batches[batch][i]] = together[i];
            return scorer;
        }, _ => { });
        return found;
    }
}
