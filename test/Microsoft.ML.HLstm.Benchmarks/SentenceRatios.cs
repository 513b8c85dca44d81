using System.IO.Compression;
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
        ITransformer loaded = mlContext.Model.Load(path, out _);
        TranslationTransformer model = loaded is IEnumerable<ITransformer> chain ? chain.OfType<TranslationTransformer>().Single() : (TranslationTransformer)loaded;
        string[] sentences = [.. Lines(file).Take(Sentences).Select(line => line.ToLowerInvariant())];
        var decoding = new DecodingOptions { BeamWidth = 5 };
        var translator = new SentenceTranslator(model.Model, decoding);
        new Contest($"{Sentences} sentences of {Path.GetFileName(file)}, {Path.GetFileName(path)}, beam {decoding.BeamWidth}, 1 thread (ms for all of them)", turns: 7, warmup: 1)
            .Add("one by one", () => Array.ForEach(sentences, sentence => translator.Translate(sentence, out _)))
            .Add("side by side", () => translator.TranslateAll([.. sentences.Select(sentence => sentence.AsMemory())], new int[sentences.Length]))
            .Run(output);
        Steps(output, model.Model.Packed);
    }

    /// <summary>Steps of several hypotheses of one sentence: from how many on it pays to compute them side by side.</summary>
    private static void Steps(TextWriter output, PackedTranslation network)
    {
        const int Positions = 13, Repetitions = 50;
        var encoder = new TranslationEncoder(network);
        var decoder = new TranslationDecoder(network, encoder);
        encoder.Encode([.. Enumerable.Range(10, Positions)]);
        foreach (int hypotheses in (int[])[2, 5, 8, 16, 32, 64])
        {
            int[] tokens = [.. Enumerable.Range(20, hypotheses)], parents = new int[hypotheses];
            void Step(int count)
            {
                decoder.Step(parents.AsSpan(0, count), tokens.AsSpan(0, count));
                while (decoder.TryReadScores(out _))
                    ;
            }

            void Repeat(int steps, int count)
            {
                decoder.Begin(hypotheses);
                for (int i = 0; i < Repetitions * steps; i++)
                    Step(count);
            }

            new Contest($"{Repetitions} decoding steps of {hypotheses} hypotheses", turns: 11)
                .Add("one by one", () => Repeat(hypotheses, 1))
                .Add("side by side", () => Repeat(1, hypotheses))
                .Run(output);
        }
    }

    private static IEnumerable<string> Lines(string file)
    {
        using Stream stream = File.OpenRead(file);
        using var reader = new StreamReader(file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(stream, CompressionMode.Decompress) : stream);
        while (reader.ReadLine() is { } line)
            yield return line;
    }
}
