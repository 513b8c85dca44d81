namespace Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;

/// <summary>The default output columns.</summary>
internal sealed class TranscriptRow
{
    public string PredictedTranscript { get; set; } = "";

    public float Score { get; set; }

    public string[] Alternatives { get; set; } = [];

    public float[] AlternativeScores { get; set; } = [];
}
