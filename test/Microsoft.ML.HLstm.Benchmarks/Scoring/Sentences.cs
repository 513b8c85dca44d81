using System.IO.Compression;
using System.Text;

namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>Sentences to translate.</summary>
internal static class Sentences
{
    /// <summary>
    /// Some sentences, evenly over a UTF-8 file, plain or gzip: of each line its last column, since tables have the target first.
    /// </summary>
    /// <exception cref="InvalidDataException">The file has none.</exception>
    public static string[] Read(string path, int count)
    {
        using FileStream file = File.OpenRead(path);
        using Stream bytes = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(bytes, Encoding.UTF8);
        var all = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
                all.Add(line.Split('\t')[^1]);
        }

        if (all.Count == 0)
            throw new InvalidDataException($"The file {path} has no sentence; at least one line with text is needed.");
        count = Math.Min(count, all.Count);
        return [.. Enumerable.Range(0, count).Select(i => all[(int)((i + 0.5) * all.Count / count)])];
    }
}
