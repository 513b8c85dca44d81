namespace Samples.Speech;

/// <summary>One row of the data: an audio file and what is said in it.</summary>
internal sealed class SpeechRow
{
    public string Audio { get; set; } = "";

    public string Transcript { get; set; } = "";
}
