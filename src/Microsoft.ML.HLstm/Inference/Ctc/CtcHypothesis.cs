namespace Microsoft.ML.HLstm.Inference.Ctc;

/// <summary>A possible transcript.</summary>
internal sealed class CtcHypothesis
{
    private readonly CtcLabelSpan[] _labels;

    /// <summary>Makes a transcript of its labels and where they stand in the most probable path.</summary>
    public CtcHypothesis(CtcAlphabet alphabet, CtcLabelSpan[] labels, double logProbability, double score)
        : this(alphabet.Text([.. labels.Select(label => label.Label)]), logProbability, score) => (_labels, Words) = (labels, SplitWords(alphabet, labels));

    /// <summary>Makes a transcript that was not aligned.</summary>
    public CtcHypothesis(string text, double logProbability, double score) => (Text, LogProbability, Score, _labels) = (text, logProbability, score, []);

    /// <summary>The transcript.</summary>
    public string Text { get; }

    /// <summary>Its labels, with the frames in which each starts and ends; none where it was not aligned.</summary>
    public IReadOnlyList<CtcLabelSpan> Labels => _labels;

    /// <summary>Its words, with the frames in which each starts and ends; none where it was not aligned.</summary>
    public IReadOnlyList<CtcWord> Words { get; } = [];

    /// <summary>The logarithm of the transcript's probability; of the one path where the search was greedy.</summary>
    public double LogProbability { get; }

    /// <summary>The objective of <see cref="CtcDecodingOptions"/>.</summary>
    public double Score { get; }

    private static List<CtcWord> SplitWords(CtcAlphabet alphabet, CtcLabelSpan[] labels)
    {
        var words = new List<CtcWord>();
        int start = 0;
        for (int i = 0; i <= labels.Length; i++)
        {
            if (i < labels.Length && labels[i].Label != alphabet.Separator)
                continue;
            if (i > start)
                words.Add(new CtcWord(alphabet.Text([.. labels[start..i].Select(label => label.Label)]), labels[start].FirstFrame, labels[i - 1].LastFrame));
            start = i + 1;
        }

        return words;
    }
}
