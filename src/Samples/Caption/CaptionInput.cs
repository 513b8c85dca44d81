namespace Samples.Caption;

/// <summary>What a model reads for one prediction.</summary>
internal sealed class CaptionInput
{
    public string ImagePath { get; set; } = "";
}
