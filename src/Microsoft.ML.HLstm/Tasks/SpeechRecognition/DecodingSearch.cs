using Microsoft.ML.HLstm.Inference.Ctc;
using Microsoft.ML.HLstm.Metrics;
using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>
/// Finds out how much a language model should count, and what makes up for it, by the fewest word errors: each number after the others, then
/// neighbours together, because more of the model wants more of the bonuses. How sure a network is of itself decides that, and no numbers suit all.
/// How often it gives each label is learned from the same recordings.
/// </summary>
/// <param name="language">The language model and the words.</param>
/// <param name="recordings">What the network says about each recording, [steps, labels].</param>
/// <param name="transcripts">What was said in them.</param>
/// <param name="threads">Recordings that are searched at a time.</param>
internal sealed class DecodingSearch(SpeechLanguage language, IReadOnlyList<float[]> recordings, IReadOnlyList<string> transcripts, int threads)
{
    private const int Rounds = 2, AllNeighbours = 27, WideBeam = 64;
    private static readonly double[] _weights = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1, 1.2, 1.5, 2], _wordBonuses = [-1, 0, 1, 2, 3, 4], _characterBonuses = [0, 0.25, 0.5, 0.75, 1, 1.5];
    private static readonly double[] _penalties = [0, 1, 2, 4, 8], _priors = [0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7], _firstPriors = [0, 0.5];

    // What suits a search among all words is far from what suits one among those of the list, and likewise with priors, so each starts on its own.
    private static readonly CtcDecodingOptions[] _starts =
        [.. from list in (bool[])[true, false] from prior in _firstPriors select new CtcDecodingOptions { WordBonus = 1, RestrictToWordList = list, PriorWeight = prior }];

    private static readonly CtcDecodingOptions[] _few =
        [.. from start in _starts from weight in (double[])[0.8, 1.2] from character in (double[])[0.5, 1] select start with { LanguageModelWeight = weight, CharacterBonus = character }];

    private static readonly int _most = (2 * Rounds * _firstPriors.Length * (_weights.Length + _wordBonuses.Length + _characterBonuses.Length + _priors.Length + AllNeighbours))
        + (Rounds * _firstPriors.Length * _penalties.Length) + _few.Length + 1;

    private readonly bool _anyWord = language.Alphabet.Writable(language.Words).Length > 0;
    private readonly Dictionary<CtcDecodingOptions, Errors> _tried = [];

    /// <summary>What the model knows of the language, with what was learned.</summary>
    public SpeechLanguage Language { get; } = language with { Priors = CtcPriors.Of(recordings, language.Alphabet.Count) };

    /// <summary>The most probable symbol of each frame.</summary>
    public static CtcDecodingOptions Greedy => new() { BeamWidth = 1, LanguageModelWeight = 0 };

    /// <summary>The word error rate of a search.</summary>
    public double Rate(CtcDecodingOptions options) => Try(options).Rate;

    /// <summary>
    /// The best of a few searches and of none, for comparing networks: nearly as good as what <see cref="Run"/> finds, in a thirtieth of its time. Without
    /// a language model there is nothing to search for.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public CtcDecodingOptions BestOfFew(CancellationToken cancellationToken) => language.Model is null ? Greedy : _few.Where(IsPossible).Append(Greedy).MinBy(options =>
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Try(options);
    })!;

    /// <summary>Tries them.</summary>
    /// <param name="preparation">Told about every try.</param>
    /// <param name="cancellationToken">When cancelled, the best options so far are returned; sixteen are tried in any case, which takes a second.</param>
    /// <returns>The best options, and the word error rate with them and without a search.</returns>
    public (CtcDecodingOptions Best, double Rate, double Greedy) Run(Preparation preparation, CancellationToken cancellationToken)
    {
        Errors greedy = Try(Greedy);
        CtcDecodingOptions[] starts = [.. _starts.Where(IsPossible)];
        CtcDecodingOptions best = starts[0];
        Func<CtcDecodingOptions, IEnumerable<CtcDecodingOptions>>[] axes =
        [
            start => _weights.Select(value => start with { LanguageModelWeight = value }),
            start => _wordBonuses.Select(value => start with { WordBonus = value }),
            start => _characterBonuses.Select(value => start with { CharacterBonus = value }),
            start => start.RestrictToWordList ? [] : _penalties.Select(value => start with { UnknownWordPenalty = value }),
            start => _priors.Select(value => start with { PriorWeight = value }),
            Neighbours,
        ];
        int done = 0;
        foreach (CtcDecodingOptions options in _few.Where(IsPossible))
            Keep(options);
        foreach (CtcDecodingOptions start in starts)
        {
            CtcDecodingOptions found = start;
            foreach (Func<CtcDecodingOptions, IEnumerable<CtcDecodingOptions>> candidates in Enumerable.Repeat(axes, Rounds).SelectMany(axis => axis))
            {
                foreach (CtcDecodingOptions options in candidates(found).ToArray())
                {
                    if (cancellationToken.IsCancellationRequested)
                        return Better();
                    if (Try(options).CompareTo(Try(found)) < 0)
                        found = options;
                    Keep(found);
                }
            }
        }

        Keep(best with { BeamWidth = WideBeam });
        return Better();

        void Keep(CtcDecodingOptions options)
        {
            if (Try(options).CompareTo(Try(best)) < 0)
                best = options;
            preparation.Report(Math.Min(++done, _most), _most);
        }

        (CtcDecodingOptions, double, double) Better() => _tried.TryGetValue(best, out Errors errors) && errors.CompareTo(greedy) < 0
            ? (best, errors.Rate, greedy.Rate) : (Greedy, greedy.Rate, greedy.Rate);
    }

    // A list of which no word can be written allows nothing.
    private bool IsPossible(CtcDecodingOptions options) => _anyWord || !options.RestrictToWordList;

    private static IEnumerable<CtcDecodingOptions> Neighbours(CtcDecodingOptions options) =>
        from weight in Near(_weights, options.LanguageModelWeight)
        from word in Near(_wordBonuses, options.WordBonus)
        from character in Near(_characterBonuses, options.CharacterBonus)
        select options with { LanguageModelWeight = weight, WordBonus = word, CharacterBonus = character };

    private static double[] Near(double[] values, double value)
    {
        int place = Array.IndexOf(values, value);
        return values[Math.Max(0, place - 1)..Math.Min(values.Length, place + 2)];
    }

    private Errors Try(CtcDecodingOptions options)
    {
        if (_tried.TryGetValue(options, out Errors known))
            return known;
        CtcScorer scorer = Language.Scorer(options);
        string[] heard = new string[recordings.Count];
        Parallel.For(0, heard.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, () => new CtcDecoder(scorer), (i, _, decoder) =>
        {
            heard[i] = decoder.Decode(recordings[i], align: false) is [var first, ..] ? first.Text : "";
            return decoder;
        }, _ => { });
        var scoring = new TranscriptScoring(lowerCase: false, worst: 0);
        for (int i = 0; i < heard.Length; i++)
            scoring.Add(transcripts[i], heard[i]);
        return _tried[options] = new Errors(scoring.Words.Edits, scoring.Characters.Edits, scoring.Words.Rate);
    }

    /// <summary>Fewer wrong words are better, and of as many, fewer wrong characters.</summary>
    private readonly record struct Errors(long Words, long Characters, double Rate) : IComparable<Errors>
    {
        public int CompareTo(Errors other) => (Words, Characters).CompareTo((other.Words, other.Characters));
    }
}
