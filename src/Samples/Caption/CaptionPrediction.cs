using Samples.Commands;

namespace Samples.Caption;

/// <summary>What a model writes for one image.</summary>
internal sealed class CaptionPrediction
{
    public string PredictedCaption { get; set; } = "";

    public float Score { get; set; }

    public string[] Alternatives { get; set; } = [];

    public float[] AlternativeScores { get; set; } = [];

    /// <summary>All captions, best first.</summary>
    public IReadOnlyList<ScoredText> Found()
    {
        // Fewer may have been found than were asked for: the rest of the vector is empty.
        ScoredText[] found = [.. Alternatives.Zip(AlternativeScores, (text, score) => new ScoredText(text, score)).Where(caption => caption.Text.Length > 0)];
        return found.Length > 0 ? found : [new ScoredText(PredictedCaption, Score)];
    }
}
