using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Inference.LanguageModels;

/// <summary>
/// Puts words into classes so that a bigram model of the classes makes a text most probable (P. Brown et al., "Class-based n-gram models of
/// natural language", Computational Linguistics 18, 1992), by exchange: each word in turn moves to where it helps most, until none moves (R. Kneser
/// and H. Ney, Eurospeech 1993). With <c>n</c> for how often classes follow each other, what is maximized is
/// <code>
/// sum over pairs n(a, b) ln n(a, b) - 2 sum over classes n(a) ln n(a)
/// </code>
/// Words that have nothing to tell them apart go by their frequency, then by their number, so that the same text has the same classes.
/// </summary>
internal sealed class WordClasses
{
    private const int MostRounds = 30, WordsInAStep = 256, Known = 4096;

    // Most counts are small, and a logarithm takes longer than all else.
    private static readonly double[] _xLogX = [0, .. Enumerable.Range(1, Known - 1).Select(count => count * Math.Log(count))];

    private readonly int[] _classes;
    private readonly long[,] _pairs;
    private readonly long[] _sizes;
    private readonly Neighbours[] _words;
    private readonly int _border;

    // Of the word that is looked at: most words stand beside few classes, and only those are gone through.
    private readonly long[] _before, _after;
    private readonly List<int> _touched = [];

    private WordClasses(IReadOnlyList<int[]> sentences, int words, int classes, Preparation? preparation)
    {
        _border = classes;
        _classes = new int[words];
        _pairs = new long[classes + 1, classes + 1];
        _sizes = new long[classes];
        (_before, _after) = (new long[classes + 1], new long[classes + 1]);
        _words = Neighbours.Of(sentences, words);
        int[] byFrequency = [.. Enumerable.Range(0, words).OrderByDescending(word => _words[word].Count)];
        for (int i = 0; i < words; i++)
            _classes[byFrequency[i]] = Math.Min(i, classes - 1);
        foreach (int[] sentence in sentences)
        {
            int previous = _border;
            foreach (int word in sentence)
            {
                _pairs[previous, _classes[word]]++;
                previous = _classes[word];
                _sizes[previous]++;
            }

            _pairs[previous, _border]++;
        }

        int[][] steps = [.. byFrequency.Chunk(WordsInAStep)];
        for (int round = 0, moved = 1; moved > 0 && round < MostRounds; round++)
        {
            moved = 0;
            for (int i = 0; i < steps.Length; i++)
            {
                preparation?.Advance((round * steps.Length) + i, MostRounds * steps.Length);
                moved += steps[i].Count(Move);
            }
        }

        // Most texts are done sooner.
        preparation?.Advance(MostRounds * steps.Length, MostRounds * steps.Length);
    }

    /// <summary>The class of each word.</summary>
    /// <param name="sentences">The text, as numbers of words from 0.</param>
    /// <param name="words">How many different words there are; each occurs.</param>
    /// <param name="classes">How many classes there may be; one for each word where there are fewer words.</param>
    /// <param name="preparation">Told how many steps of at most thirty rounds are done; null for nobody.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static int[] Find(IReadOnlyList<int[]> sentences, int words, int classes, Preparation? preparation = null) =>
        new WordClasses(sentences, words, Math.Min(words, classes), preparation)._classes;

    private bool Move(int word)
    {
        int own = _classes[word], best = own;
        Neighbours neighbours = _words[word];
        Count(neighbours.Before, _before);
        Count(neighbours.After, _after);
        Shift(own, neighbours, -1);
        double most = Gain(own, neighbours);
        for (int other = 0; other < _border; other++)
        {
            // What rounding makes of equal gains moves nothing.
            if (Gain(other, neighbours) is var gain && gain > most + 1e-7)
                (best, most) = (other, gain);
        }

        Shift(best, neighbours, 1);
        _classes[word] = best;
        foreach (int touched in _touched)
            (_before[touched], _after[touched]) = (0, 0);
        _touched.Clear();
        return best != own;
    }

    /// <summary>What the text's log-probability gains where a word, of which nothing is counted, comes into a class.</summary>
    private double Gain(int place, Neighbours word)
    {
        double gain = Growth(_pairs[place, place], _before[place] + _after[place] + word.Itself) - (2 * Growth(_sizes[place], word.Count));
        foreach (int other in _touched)
        {
            if (other != place)
                gain += Growth(_pairs[other, place], _before[other]) + Growth(_pairs[place, other], _after[other]);
        }

        return gain;
    }

    private void Shift(int place, Neighbours word, int sign)
    {
        foreach (int other in _touched)
        {
            _pairs[other, place] += sign * _before[other];
            _pairs[place, other] += sign * _after[other];
        }

        _pairs[place, place] += sign * word.Itself;
        _sizes[place] += sign * word.Count;
    }

    /// <summary>How often each class stands beside a word; the word beside itself is counted apart.</summary>
    private void Count((int Word, int Count)[] neighbours, long[] counts)
    {
        foreach ((int word, int count) in neighbours)
        {
            int place = word < 0 ? _border : _classes[word];
            if (_before[place] + _after[place] == 0)
                _touched.Add(place);
            counts[place] += count;
        }
    }

    private static double Growth(long from, long by) => by == 0 ? 0 : XLogX(from + by) - XLogX(from);

    private static double XLogX(long count) => count < Known ? _xLogX[count] : count * Math.Log(count);

    /// <summary>What stands before and after a word, -1 for the borders of a sentence.</summary>
    private sealed record Neighbours((int Word, int Count)[] Before, (int Word, int Count)[] After, long Itself, long Count)
    {
        public static Neighbours[] Of(IReadOnlyList<int[]> sentences, int words)
        {
            var before = new Dictionary<int, int>[words];
            var after = new Dictionary<int, int>[words];
            long[] itself = new long[words], count = new long[words];
            for (int word = 0; word < words; word++)
                (before[word], after[word]) = ([], []);
            foreach (int[] sentence in sentences)
            {
                for (int i = 0; i < sentence.Length; i++)
                {
                    int word = sentence[i], left = i == 0 ? -1 : sentence[i - 1], right = i == sentence.Length - 1 ? -1 : sentence[i + 1];
                    count[word]++;
                    if (left == word)
                        itself[word]++;
                    else
                        before[word][left] = before[word].GetValueOrDefault(left) + 1;
                    if (right != word)
                        after[word][right] = after[word].GetValueOrDefault(right) + 1;
                }
            }

            return [.. Enumerable.Range(0, words).Select(word => new Neighbours(Sorted(before[word]), Sorted(after[word]), itself[word], count[word]))];
        }

        private static (int, int)[] Sorted(Dictionary<int, int> counts) => [.. counts.OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value))];
    }
}
