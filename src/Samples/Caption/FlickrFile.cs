using Samples.Commands;

namespace Samples.Caption;

/// <summary>Reads captions as Flickr8k and Flickr30k have them: lines <c>NAME.jpg#K TAB caption</c>, K counting the captions of an image.</summary>
internal static class FlickrFile
{
    /// <summary>Images in the order of their first captions; the path is the name alone.</summary>
    /// <exception cref="SampleException">A line is not of that form.</exception>
    public static IReadOnlyList<CaptionedImage> Read(string path)
    {
        var captions = new OrderedDictionary<string, List<string>>();
        int number = 0;
        foreach (string line in TextFile.ReadLines(path))
        {
            number++;
            if (line.Length == 0)
                continue;
            int tab = line.IndexOf('\t', StringComparison.Ordinal);
            int hash = tab < 0 ? -1 : line.LastIndexOf('#', tab);
            if (hash < 1 || line[(tab + 1)..].Trim() is not { Length: > 0 } caption)
                throw new SampleException($"{path}, line {number} is not of the form NAME.jpg#K TAB caption.");
            string name = line[..hash];
            if (!captions.TryGetValue(name, out List<string>? known))
                captions.Add(name, known = []);
            known.Add(caption);
        }

        return [.. captions.Select(entry => new CaptionedImage { ImagePath = entry.Key, Captions = [.. entry.Value] })];
    }
}
