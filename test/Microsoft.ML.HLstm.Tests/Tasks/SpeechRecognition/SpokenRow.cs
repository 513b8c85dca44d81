namespace Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;

/// <summary>Frames and what they say.</summary>
internal sealed class SpokenRow
{
    public float[] Frames { get; set; } = [];

    public string Transcript { get; set; } = "";
}
