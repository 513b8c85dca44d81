using System.Text.Json;
using System.Text.Json.Serialization;
using Samples.Commands;

namespace Samples.Caption;

/// <summary>
/// Reads captions from JSON: as MSCOCO has them (<c>captions_*.json</c>: images, and annotations that name them), or as A. Karpathy's
/// splits of MSCOCO, Flickr8k and Flickr30k do (<c>dataset_*.json</c>: images with their sentences and split).
/// </summary>
internal static class CocoFile
{
    private static readonly JsonSerializerOptions _options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Images in the order of the file; the path is relative to the folder of images.</summary>
    /// <param name="path">The file.</param>
    /// <param name="choice">Splits with <c>+</c> between them where the file has splits, else a file with names of images, or null for all.</param>
    /// <exception cref="SampleException">The file is not of either form, or the choice does not fit it.</exception>
    public static IReadOnlyList<CaptionedImage> Read(string path, string? choice)
    {
        CocoContent content = Parse(path);
        if (content.Images is not { Count: > 0 } images)
            throw new SampleException($"{path} has no images: neither captions of MSCOCO nor a file of splits.");
        return images.Exists(image => image.Sentences is not null)
            ? OfSplit(path, images, choice)
            : CaptionFiles.Listed(Annotated(path, images, content.Annotations ?? []), path, choice);
    }

    private static CocoContent Parse(string path)
    {
        try
        {
            // Read piece by piece: what is not asked for, such as the words of MSCOCO's 600,000 sentences, never is in memory.
            using FileStream stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<CocoContent>(stream, _options) ?? throw new SampleException($"{path} is damaged: it has no content.");
        }
        catch (JsonException exception)
        {
            throw new SampleException($"{path} is damaged: {exception.Message}");
        }
    }

    private static List<CaptionedImage> Annotated(string path, List<CocoImage> images, List<CocoAnnotation> annotations)
    {
        ILookup<long, string> captions = annotations.Where(annotation => !string.IsNullOrWhiteSpace(annotation.Caption))
            .ToLookup(annotation => annotation.ImageId, annotation => annotation.Caption!.Trim());
        return [.. images.Where(image => captions.Contains(image.Id)).Select(image => new CaptionedImage
        {
            ImagePath = image.FileName ?? throw new SampleException($"{path}: the image {image.Id} has no file_name."),
            Captions = [.. captions[image.Id]],
        })];
    }

    private static List<CaptionedImage> OfSplit(string path, List<CocoImage> images, string? choice)
    {
        string[] known = [.. images.Select(image => image.Split ?? "").Distinct().Order(StringComparer.Ordinal)];
        if (choice is null)
            throw new UsageException($"{path} has the splits {string.Join(", ", known)}: name one, or several with + between them, after it.");
        string[] wanted = choice.Split('+', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (wanted.Except(known).FirstOrDefault() is { } wrong)
            throw new UsageException($"The split is '{wrong}'; {path} has {string.Join(", ", known)}.");
        return [.. images.Where(image => wanted.Contains(image.Split) && image.Sentences is { Count: > 0 }).Select(image => new CaptionedImage
        {
            ImagePath = Path.Combine(image.Filepath ?? "", image.SplitName ?? throw new SampleException($"{path}: an image of split {image.Split} has no filename.")),
            Captions = [.. image.Sentences!.Select(sentence => sentence.Raw?.Trim()).OfType<string>().Where(caption => caption.Length > 0)],
        }).Where(image => image.Captions.Length > 0)];
    }

    private sealed record CocoContent(List<CocoImage>? Images, List<CocoAnnotation>? Annotations);

    private sealed record CocoImage(long Id, string? FileName, [property: JsonPropertyName("filename")] string? SplitName, string? Filepath, string? Split, List<CocoSentence>? Sentences);

    private sealed record CocoAnnotation(long ImageId, string? Caption);

    private sealed record CocoSentence(string? Raw);
}
