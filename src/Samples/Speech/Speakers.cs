using Samples.Commands;

namespace Samples.Speech;

/// <summary>The speakers of a file, one a line; a recording is of a speaker whose name is a folder of its path.</summary>
internal static class Speakers
{
    /// <summary>The recordings that are of one of the speakers, or those that are not.</summary>
    /// <exception cref="SampleException">No recording is left, or the file is missing.</exception>
    public static IReadOnlyList<SpeechRow> Choose(IReadOnlyList<SpeechRow> rows, string path, bool theirs)
    {
        HashSet<string> speakers = [.. TextFile.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)];
        SpeechRow[] chosen = [.. rows.Where(row => FoldersOf(row.Audio).Any(speakers.Contains) == theirs)];
        return chosen.Length > 0
            ? chosen
            : throw new SampleException($"Of {rows.Count} recordings {(theirs ? "none is" : "all are")} of one of the {speakers.Count} speakers in {path}.");
    }

    private static string[] FoldersOf(string path) => Path.GetDirectoryName(path)!.Split(Path.DirectorySeparatorChar);
}
