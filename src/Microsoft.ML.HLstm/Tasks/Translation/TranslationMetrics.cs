using System.Globalization;

namespace Microsoft.ML.HLstm;

/// <summary>How well translations match their references: corpus BLEU with the signature that makes it comparable.</summary>
public sealed class TranslationMetrics
{
    internal TranslationMetrics(BleuScore score, int sentences)
    {
        Score = score;
        Sentences = sentences;
    }

    /// <summary>Corpus BLEU, 0 to 100; higher is better.</summary>
    public double Bleu => Score.Score;

    /// <summary>The score with its precisions, brevity penalty and lengths.</summary>
    public BleuScore Score { get; }

    /// <summary>How BLEU was computed; to be quoted with it.</summary>
    public string Signature => Score.Signature;

    /// <summary>The number of sentences.</summary>
    public int Sentences { get; }

    /// <summary>The metrics in one line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Score} {Signature}, {Sentences} sentences");
}
