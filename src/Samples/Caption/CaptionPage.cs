using System.Globalization;
using System.Net;
using System.Text;
using Samples.Commands;

namespace Samples.Caption;

/// <summary>A page that needs nothing beside itself: images, their captions, scores and alternatives.</summary>
internal sealed class CaptionPage
{
    // The end tags of body and html may be left out, so the page is whole after every image.
    private const string Head = """
        <!DOCTYPE html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Captions</title>
        <style>
        body { font: 16px/1.4 system-ui, sans-serif; margin: 2rem; color: #1c1c1e; background: #f4f4f6; }
        main { display: grid; grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr)); gap: 1.5rem; }
        figure { margin: 0; background: #fff; border-radius: .6rem; overflow: hidden; box-shadow: 0 1px 4px #0003; }
        img { display: block; width: 100%; height: 15rem; object-fit: contain; background: #e4e4ea; }
        figcaption { padding: .8rem 1rem 1rem; }
        strong { font-size: 1.1rem; }
        small { color: #6b6b70; }
        table { margin-top: .6rem; border-collapse: collapse; font-size: .85rem; }
        td { padding: .1rem .6rem .1rem 0; vertical-align: top; }
        td:first-child { font-variant-numeric: tabular-nums; text-align: right; color: #6b6b70; }
        </style>
        <h1>Captions</h1>
        <p>Scores are log-probabilities: the nearer to 0, the likelier the model finds a caption.</p>
        <main>

        """;

    private readonly string _path;

    /// <summary>Starts the page.</summary>
    public CaptionPage(string path)
    {
        _path = path;
        File.WriteAllText(path, Head);
    }

    /// <summary>Adds an image with its captions, best first.</summary>
    public void Add(string imagePath, IReadOnlyList<ScoredText> captions)
    {
        byte[] image = File.ReadAllBytes(imagePath);
        var figure = new StringBuilder();
        _ = figure.AppendLine(CultureInfo.InvariantCulture, $"<figure><img alt=\"{Encode(captions[0].Text)}\" src=\"data:{MediaType(image)};base64,{Convert.ToBase64String(image)}\">")
            .AppendLine(CultureInfo.InvariantCulture, $"<figcaption><strong>{Encode(captions[0].Text)}</strong><br><small>{Encode(Path.GetFileName(imagePath))}, score {captions[0].Score:F2}</small>");
        if (captions.Count > 1)
        {
            _ = figure.AppendLine("<table>");
            foreach (ScoredText caption in captions.Skip(1))
                _ = figure.AppendLine(CultureInfo.InvariantCulture, $"<tr><td>{caption.Score:F2}<td>{Encode(caption.Text)}");
            _ = figure.AppendLine("</table>");
        }

        File.AppendAllText(_path, figure.AppendLine("</figcaption></figure>").ToString());
    }

    // What browsers show; they look at the content of anything else themselves.
    private static string MediaType(ReadOnlySpan<byte> image) => image switch
    {
        [0xFF, 0xD8, ..] => "image/jpeg",
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "image/png",
        [(byte)'G', (byte)'I', (byte)'F', ..] => "image/gif",
        [(byte)'B', (byte)'M', ..] => "image/bmp",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', ..] => "image/webp",
        _ => "application/octet-stream",
    };

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
