using System.CommandLine;
using System.IO.Compression;
using System.Text;
using Samples.Commands;

namespace Samples.Translate;

/// <summary>
/// <c>translate extract</c>: makes the demonstration's data, <c>src/Samples/data</c>, from Tatoeba's German-English
/// pairs as manythings.org/anki publishes them.
/// </summary>
internal static class ExtractCommand
{
    public const string TrainFile = "tatoeba-train.tsv.gz";
    public const string HeldOutFile = "tatoeba-heldout.tsv.gz";
    private const int DefaultWords = 7;
    private const int DefaultCount = 20;

    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "English TAB German, plain or gzip", HelpName = "FILE", Required = true };
        var output = new Option<string>("--out") { Description = "Folder for the two files", HelpName = "DIR", Required = true };
        var words = new Option<int>("--words") { Description = "Words a side at most", DefaultValueFactory = _ => DefaultWords };
        var count = new Option<int>("--minimum-count") { Description = "Sentences that a word must occur in", DefaultValueFactory = _ => DefaultCount };
        var command = new Command("extract", "Chooses the short everyday sentences of the demonstration and splits them by their English side.")
        {
            data, output, words, count,
        };
        command.SetAction(parse =>
        {
            string folder = OutputPath.ForFolder(parse.GetRequiredValue(output));
            IReadOnlyList<SentencePair> chosen = new TatoebaSelection(parse.GetValue(words), parse.GetValue(count))
                .Choose(ParallelText.Read([parse.GetRequiredValue(data)]));
            foreach (IGrouping<bool, SentencePair> part in chosen.GroupBy(pair => EnglishSplit.IsHeldOut(pair.English)))
                Console.WriteLine(Write(Path.Combine(folder, part.Key ? HeldOutFile : TrainFile), part));
            return 0;
        });
        return command;
    }

    private static string Write(string path, IEnumerable<SentencePair> pairs)
    {
        int written = 0;
        using (var writer = new StreamWriter(new GZipStream(File.Create(path), CompressionLevel.SmallestSize), new UTF8Encoding(false)))
        {
            writer.NewLine = "\n";
            foreach (SentencePair pair in pairs)
            {
                writer.WriteLine($"{pair.English}\t{pair.German}");
                written++;
            }
        }

        return $"{path}: {written:N0} pairs, {new FileInfo(path).Length:N0} bytes";
    }
}
