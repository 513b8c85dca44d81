using Samples.Commands;

namespace Samples.Caption;

/// <summary>
/// Reads images with their captions from a folder of images, a file of captions and, where only some of its images are meant, a
/// file with their names (one a line) or, for files of A. Karpathy's splits, the names of splits such as <c>train+restval</c>.
/// </summary>
internal static class CaptionFiles
{
    /// <exception cref="SampleException">A file or the folder is missing or damaged, a listed image has no captions, or there are no images.</exception>
    public static IReadOnlyList<CaptionedImage> Read(IReadOnlyList<string> arguments)
    {
        if (arguments.Count is < 2 or > 3)
            throw new UsageException($"--data has {arguments.Count} arguments; allowed is a folder of images, a file of captions, and a list of images or the name of a split.");
        (string folder, string file) = (arguments[0], arguments[1]);
        string? choice = arguments.Count > 2 ? arguments[2] : null;
        if (!Directory.Exists(folder))
            throw new SampleException($"The folder of images {folder} does not exist.");
        if (!File.Exists(file))
            throw new SampleException($"The file of captions {file} does not exist.");

        IReadOnlyList<CaptionedImage> images = Path.GetExtension(file).Equals(".json", StringComparison.OrdinalIgnoreCase)
            ? CocoFile.Read(file, choice)
            : Listed(FlickrFile.Read(file), file, choice);
        foreach (CaptionedImage image in images)
            image.ImagePath = Path.Combine(folder, image.ImagePath);
        return images.Count > 0 ? images : throw new SampleException($"There is no image with captions in {string.Join(" and ", arguments.Skip(1))}.");
    }

    /// <summary>The images that a file names, in its order; all without one.</summary>
    public static IReadOnlyList<CaptionedImage> Listed(IReadOnlyList<CaptionedImage> images, string file, string? list)
    {
        if (list is null)
            return images;
        Dictionary<string, CaptionedImage> byName = images.ToDictionary(image => image.ImagePath);
        return [.. TextFile.ReadLines(list).Select(line => line.Trim()).Where(name => name.Length > 0).Distinct().Select(name =>
            byName.GetValueOrDefault(name) ?? throw new SampleException($"{list} names the image {name}, which has no captions in {file}."))];
    }
}
