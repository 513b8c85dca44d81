namespace Samples.Caption;

/// <summary>A row of data: an image with its reference captions.</summary>
internal sealed class CaptionedImage
{
    public string ImagePath { get; set; } = "";

    public string[] Captions { get; set; } = [];
}
