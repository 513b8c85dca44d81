using System.Globalization;
using Microsoft.ML.HLstm.Metrics;

namespace Microsoft.ML.HLstm;

/// <summary>
/// How well transcripts match their references: word error rate and character error rate, with the edits they are made of.
/// Words are what white space separates; upper and lower case differ unless asked otherwise; nothing else is normalised.
/// </summary>
public sealed class SpeechRecognitionMetrics
{
    internal SpeechRecognitionMetrics(TranscriptScoring scoring)
    {
        Words = scoring.Words;
        Characters = scoring.Characters;
        MeanWordErrorRate = scoring.MeanWordRate;
        MeanCharacterErrorRate = scoring.MeanCharacterRate;
        Utterances = scoring.Utterances;
        WrongUtterances = scoring.Wrong;
        Worst = Array.AsReadOnly(scoring.Worst());
    }

    /// <summary>
    /// All edits of words divided by all words of the references (WER): 0 is perfect, and insertions can take it above 1.
    /// </summary>
    public double WordErrorRate => Words.Rate;

    /// <summary>
    /// All edits of characters divided by all characters of the references (CER), the spaces between words included: 0 is perfect.
    /// </summary>
    public double CharacterErrorRate => Characters.Rate;

    /// <summary>
    /// The mean of the utterances' word error rates: short utterances weigh as much as long ones. Utterances without a
    /// reference word have no rate and are left out of the mean; what was heard in them still counts in <see cref="WordErrorRate"/>.
    /// </summary>
    public double MeanWordErrorRate { get; }

    /// <summary>The mean of the utterances' character error rates, over the same utterances as <see cref="MeanWordErrorRate"/>.</summary>
    public double MeanCharacterErrorRate { get; }

    /// <summary>The share of utterances with at least one wrong word, 0 to 1.</summary>
    public double SentenceErrorRate => (double)WrongUtterances / Utterances;

    /// <summary>The edits of words.</summary>
    public ErrorCounts Words { get; }

    /// <summary>The edits of characters (Unicode code points), the spaces between words included.</summary>
    public ErrorCounts Characters { get; }

    /// <summary>The number of utterances.</summary>
    public long Utterances { get; }

    /// <summary>The utterances with at least one wrong word.</summary>
    public long WrongUtterances { get; }

    /// <summary>The utterances with the most wrong words, worst first; of equals those with more wrong characters, then the earlier.</summary>
    public IReadOnlyList<TranscriptErrors> Worst { get; }

    /// <summary>The metrics in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"WER {100 * WordErrorRate:F2} % {Words}, CER {100 * CharacterErrorRate:F2} %, mean WER {100 * MeanWordErrorRate:F2} %, {Utterances} utterances, {WrongUtterances} with errors");
}
