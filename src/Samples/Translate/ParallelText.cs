using Samples.Commands;

namespace Samples.Translate;

/// <summary>Reads sentence pairs: a file <c>English TAB German</c>, or a German and an English file side by side.</summary>
internal static class ParallelText
{
    /// <exception cref="SampleException">A file is missing, a line has no second column, the files differ in length, or there is nothing.</exception>
    public static IReadOnlyList<SentencePair> Read(IReadOnlyList<string> paths)
    {
        List<SentencePair> pairs = paths switch
        {
            [string tsv] => [.. ReadTsv(tsv)],
            [string german, string english] => ReadTwo(german, english),
            _ => throw new UsageException($"--data has {paths.Count} files; allowed is one (English TAB German) or two (German, English)."),
        };
        return pairs.Count > 0 ? pairs : throw new SampleException($"There is no sentence pair in {string.Join(" and ", paths)}.");
    }

    private static IEnumerable<SentencePair> ReadTsv(string path) => TextFile.ReadColumns(path, "English TAB German")
        .Select(row => new SentencePair { English = row.Columns[0].Trim(), German = row.Columns[1].Trim() });

    private static List<SentencePair> ReadTwo(string germanPath, string englishPath)
    {
        List<string> german = [.. TextFile.ReadLines(germanPath)];
        List<string> english = [.. TextFile.ReadLines(englishPath)];
        if (german.Count != english.Count)
            throw new SampleException($"{germanPath} has {german.Count} lines and {englishPath} has {english.Count}; parallel files need the same number.");
        return [.. german.Zip(english, (g, e) => new SentencePair { German = g.Trim(), English = e.Trim() })];
    }
}
