namespace Samples.Translate;

/// <summary>One row of the data: a sentence and its translation.</summary>
internal sealed class SentencePair
{
    public string German { get; set; } = "";

    public string English { get; set; } = "";
}
