namespace Samples.Speech;

/// <summary>What a speech model reads: the path of an audio file.</summary>
internal sealed class SpeechInput
{
    public string Audio { get; set; } = "";
}
