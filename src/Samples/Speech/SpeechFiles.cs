using System.Text.RegularExpressions;
using Samples.Commands;

namespace Samples.Speech;

/// <summary>
/// Reads which audio files there are and what is said in them: the folder of AN4 as it is published, a file
/// <c>path TAB transcript</c>, or a list of files with a file of transcripts.
/// </summary>
internal static partial class SpeechFiles
{
    private const string List = "etc/an4_train.fileids", Transcripts = "etc/an4_train.transcription";
    private static readonly string[] _extensions = ["", ".sph", ".wav"];

    /// <param name="paths">What follows <c>--data</c>.</param>
    /// <param name="audioFolder">Where relative paths start; null for the folder wav beside the folder of a list, or the folder of the file.</param>
    /// <exception cref="SampleException">A file is missing, a line is not as it should be, or there is nothing.</exception>
    public static IReadOnlyList<SpeechRow> Read(IReadOnlyList<string> paths, string? audioFolder)
    {
        List<SpeechRow> rows = paths switch
        {
            [string folder] when Directory.Exists(folder) => ReadTwo(Path.Combine(folder, List), Path.Combine(folder, Transcripts), audioFolder),
            [string tsv] => [.. ReadTsv(tsv, audioFolder)],
            [string list, string transcripts] => ReadTwo(list, transcripts, audioFolder),
            _ => throw new UsageException($"--data has {paths.Count} files; allowed is one (a folder of AN4, or path TAB transcript) or two (list, transcripts)."),
        };
        return rows.Count > 0 ? rows : throw new SampleException($"There is no recording in {string.Join(" and ", paths)}.");
    }

    private static IEnumerable<SpeechRow> ReadTsv(string path, string? audioFolder) => TextFile.ReadColumns(path, "path TAB transcript")
        .Select(row => new SpeechRow { Audio = Find(audioFolder ?? FolderOf(path), row.Columns[0].Trim(), path, row.Line), Transcript = row.Columns[1].Trim() });

    private static List<SpeechRow> ReadTwo(string listPath, string transcriptPath, string? audioFolder)
    {
        string[] list = [.. TextFile.ReadLines(listPath).Select(line => line.Trim())];
        string[] lines = [.. TextFile.ReadLines(transcriptPath)];
        if (list.Length != lines.Length)
            throw new SampleException($"{listPath} has {list.Length} lines and {transcriptPath} has {lines.Length}; they need the same number.");
        string beside = Path.Combine(FolderOf(listPath), "..", "wav");
        audioFolder ??= Directory.Exists(beside) ? Path.GetFullPath(beside) : FolderOf(listPath);
        var rows = new List<SpeechRow>();
        for (int i = 0; i < list.Length; i++)
        {
            if (list[i].Length == 0)
                continue;
            Match match = TranscriptLine().Match(lines[i]);
            string name = Path.GetFileNameWithoutExtension(list[i]);
            if (match.Groups["id"] is { Success: true, Value: var id } && id != name && id != list[i])
                throw new SampleException($"{transcriptPath}, line {i + 1} is of '{id}', but {listPath} has '{list[i]}' there; both need the same order.");
            rows.Add(new SpeechRow { Audio = Find(audioFolder, list[i], listPath, i + 1), Transcript = match.Groups["words"].Value });
        }

        return rows;
    }

    /// <summary>Lists often leave the extension out.</summary>
    private static string Find(string folder, string name, string listPath, int line) =>
        _extensions.Select(extension => Path.GetFullPath(Path.Combine(folder, name + extension))).FirstOrDefault(File.Exists)
        ?? throw new SampleException($"{listPath}, line {line}: there is no audio file {Path.GetFullPath(Path.Combine(folder, name))}, nor with .sph or .wav.");

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    // <s> WORDS </s> (file), where the marks and the file may be left out.
    [GeneratedRegex(@"^\s*(<s>)?\s*(?<words>.*?)\s*(</s>)?\s*(\((?<id>[^()\s]+)\))?\s*$")]
    private static partial Regex TranscriptLine();
}
