using System.IO.Compression;
using Microsoft.ML.Data;
using Microsoft.ML.HLstm.Tasks.Translation;

namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>
/// Translates the first sentences of a file (plain or gzip, one a line) with a trained model: one after the other, and several
/// side by side in the way a cursor over a whole table does.
/// </summary>
internal static class SentenceRatios
{
    private const int Sentences = 128;

    public static void Run(TextWriter output, string[] arguments)
    {
        if (arguments is not [var path, var file, ..])
            throw new ArgumentException("sentence needs the path of a model zip and of a file of sentences.");
        var mlContext = new MLContext();
        TranslationTransformer model = ((TransformerChain<ITransformer>)mlContext.Model.Load(path, out _)).OfType<TranslationTransformer>().Single();
        string[] sentences = [.. Lines(file).Take(Sentences).Select(line => line.ToLowerInvariant())];
        var decoding = new DecodingOptions { BeamWidth = 5 };
        var translator = new SentenceTranslator(model.Model, decoding);
        new Contest($"{Sentences} sentences of {Path.GetFileName(file)}, {Path.GetFileName(path)}, beam {decoding.BeamWidth}, 1 thread (ms for all of them)", turns: 7, warmup: 1)
            .Add("one by one", () => Array.ForEach(sentences, sentence => translator.Translate(sentence, out _)))
            .Add("side by side", () => translator.TranslateAll([.. sentences.Select(sentence => sentence.AsMemory())], new int[sentences.Length]))
            .Run(output);
    }

    private static IEnumerable<string> Lines(string file)
    {
        using Stream stream = File.OpenRead(file);
        using var reader = new StreamReader(file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(stream, CompressionMode.Decompress) : stream);
        while (reader.ReadLine() is { } line)
            yield return line;
    }
}
