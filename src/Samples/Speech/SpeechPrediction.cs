using System.Globalization;

namespace Samples.Speech;

/// <summary>What a speech model writes.</summary>
internal sealed class SpeechPrediction
{
    public string PredictedTranscript { get; set; } = "";

    public float Score { get; set; }

    public string[] Alternatives { get; set; } = [];

    public float[] AlternativeScores { get; set; } = [];

    public float[] WordTimes { get; set; } = [];

    /// <summary>The words, each with its start and end in seconds.</summary>
    public string TextWithTimes() => string.Join(' ', PredictedTranscript.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select((word, i) =>
        string.Create(CultureInfo.InvariantCulture, $"{word}[{WordTimes[2 * i]:F2}-{WordTimes[(2 * i) + 1]:F2}]")));
}
