using System.Text;

namespace Microsoft.ML.HLstm.Metrics;

/// <summary>Adds up the errors of transcripts, and remembers the worst ones.</summary>
/// <param name="lowerCase">Whether upper and lower case count as the same.</param>
/// <param name="worst">How many of the worst transcripts to remember; 0 or more.</param>
internal sealed class TranscriptScoring(bool lowerCase, int worst)
{
    // Ordered by badness, so that the mildest of them is found and dropped without sorting everything.
    private readonly PriorityQueue<TranscriptErrors, (long, long, long)> _worst = new();
    private double _wordRates;
    private double _characterRates;

    /// <summary>The words of everything that was added.</summary>
    public ErrorCounts Words { get; private set; }

    /// <summary>The characters of everything that was added.</summary>
    public ErrorCounts Characters { get; private set; }

    /// <summary>The utterances that were added.</summary>
    public long Utterances { get; private set; }

    /// <summary>Those of them with a word in the reference.</summary>
    public long Spoken { get; private set; }

    /// <summary>Those of them with at least one wrong word.</summary>
    public long Wrong { get; private set; }

    /// <summary>The mean word error rate of the utterances with a word in the reference.</summary>
    public double MeanWordRate => _wordRates / Spoken;

    /// <summary>The mean character error rate of the utterances with a word in the reference.</summary>
    public double MeanCharacterRate => _characterRates / Spoken;

    /// <summary>Adds one utterance.</summary>
    public void Add(string reference, string hypothesis)
    {
        var expected = new Transcript(reference, lowerCase);
        var found = new Transcript(hypothesis, lowerCase);
        ErrorCounts words = EditDistance.Count<string>(expected.Words, found.Words);
        ErrorCounts characters = EditDistance.Count<Rune>(expected.Characters, found.Characters);
        Words += words;
        Characters += characters;
        if (words.ReferenceLength > 0)
        {
            Spoken++;
            _wordRates += words.Rate;
            _characterRates += characters.Rate;
        }

        if (words.Edits > 0)
        {
            Wrong++;
            Remember(expected, found, words, characters);
        }

        Utterances++;
    }

    /// <summary>The utterances with the most wrong words, worst first; of equals those with more wrong characters, then the earlier.</summary>
    public TranscriptErrors[] Worst() =>
        [.. _worst.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element)];

    private void Remember(Transcript expected, Transcript found, ErrorCounts words, ErrorCounts characters)
    {
        (long, long, long) badness = (words.Edits, characters.Edits, -Utterances);
        if (worst == 0 || (_worst.Count == worst && _worst.TryPeek(out _, out (long, long, long) mildest) && badness.CompareTo(mildest) < 0))
            return;
        if (_worst.Count == worst)
            _ = _worst.Dequeue();
        string alignment = AlignmentText.Render(expected.Words, found.Words, EditDistance.Align<string>(expected.Words, found.Words));
        _worst.Enqueue(new TranscriptErrors(Utterances, string.Join(' ', expected.Words), string.Join(' ', found.Words), words, characters, alignment), badness);
    }
}
