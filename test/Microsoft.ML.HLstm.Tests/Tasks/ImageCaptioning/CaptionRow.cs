namespace Microsoft.ML.HLstm.Tests.Tasks.ImageCaptioning;

/// <summary>What the captioning transformer writes.</summary>
public sealed class CaptionRow
{
    public string PredictedCaption { get; set; } = "";

    public float Score { get; set; }

    public string[] Alternatives { get; set; } = [];

    public float[] AlternativeScores { get; set; } = [];
}
