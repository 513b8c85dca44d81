using Microsoft.ML.HLstm.Inference.Ctc;
using Microsoft.ML.HLstm.Metrics;
using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>
/// Finds out how much a language model should count, and what makes up for it: one number after the other, twice, each by the fewest
/// word errors. How sure a network is of itself decides that, and no number suits all.
/// </summary>
/// <param name="language">The language model and the words.</param>
/// <param name="recordings">What the network says about each recording, [steps, labels].</param>
/// <param name="transcripts">What was said in them.</param>
/// <param name="threads">Recordings that are searched at a time.</param>
internal sealed class DecodingSearch(SpeechLanguage language, IReadOnlyList<float[]> recordings, IReadOnlyList<string> transcripts, int threads)
{
    private const int Rounds = 2;
    private static readonly double[] _weights = [0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1, 1.4, 2], _wordBonuses = [0, 1, 2, 3], _characterBonuses = [0, 0.25, 0.5, 1];
    private static readonly bool[] _restrictions = [true, false];

    private readonly Dictionary<CtcDecodingOptions, Errors> _tried = [];

    /// <summary>The most probable symbol of each frame.</summary>
    public static CtcDecodingOptions Greedy => new() { BeamWidth = 1, LanguageModelWeight = 0 };

    /// <summary>Tries them.</summary>
    /// <param name="preparation">Told about every try.</param>
    /// <param name="cancellationToken">When cancelled, the best options so far are returned.</param>
    /// <returns>The best options, and the word error rate with them and without a search.</returns>
    public (CtcDecodingOptions Best, double Rate, double Greedy) Run(Preparation preparation, CancellationToken cancellationToken)
    {
        Errors greedy = Try(Greedy);
        var best = new CtcDecodingOptions { WordBonus = 1, RestrictToWordList = true };
        Func<CtcDecodingOptions, IEnumerable<CtcDecodingOptions>>[] axes =
        [
            start => _weights.Select(value => start with { LanguageModelWeight = value }),
            start => _wordBonuses.Select(value => start with { WordBonus = value }),
            start => _characterBonuses.Select(value => start with { CharacterBonus = value }),
            start => _restrictions.Select(value => start with { RestrictToWordList = value }),
        ];
        int most = Rounds * (_weights.Length + _wordBonuses.Length + _characterBonuses.Length + _restrictions.Length), done = 0;
        for (int round = 0; round < Rounds; round++)
        {
            foreach (Func<CtcDecodingOptions, IEnumerable<CtcDecodingOptions>> axis in axes)
            {
                foreach (CtcDecodingOptions options in axis(best).ToArray())
                {
                    if (cancellationToken.IsCancellationRequested)
                        return Better();
                    if (Try(options).CompareTo(Try(best)) < 0)
                        best = options;
                    preparation.Report(++done, most);
                }
            }
        }

        return Better();

        (CtcDecodingOptions, double, double) Better() => _tried.TryGetValue(best, out Errors errors) && errors.CompareTo(greedy) < 0
            ? (best, errors.Rate, greedy.Rate) : (Greedy, greedy.Rate, greedy.Rate);
    }

    private Errors Try(CtcDecodingOptions options)
    {
        if (_tried.TryGetValue(options, out Errors known))
            return known;
        CtcScorer scorer = language.Scorer(options);
        string[] heard = new string[recordings.Count];
        Parallel.For(0, heard.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, () => new CtcDecoder(scorer), (i, _, decoder) =>
        {
            heard[i] = decoder.Decode(recordings[i]) is [var first, ..] ? first.Text : "";
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
