using System.Globalization;
using Microsoft.ML.HLstm.Inference.Ctc;

namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>
/// Transcripts of 300 frames and 29 labels, greedy and by beams, in frames that are about as sure as those of a trained network
/// and in frames that are not sure of anything.
/// </summary>
internal static class CtcRatios
{
    private const int Frames = 300;

    public static void Run(TextWriter output, int threads)
    {
        var alphabet = new CtcAlphabet(["-", " ", "'", .. Enumerable.Range(0, 26).Select(i => ((char)('a' + i)).ToString())]);
        var random = new Random(1);
        string[] words = [.. Enumerable.Range(0, 5000).Select(_ => Word(random)).Distinct()];
        string[] text = [.. Enumerable.Range(0, 30_000).Select(_ => Sentence(random, words))];
        NGramLanguageModel trigram = NGramLanguageModel.Estimate(text), characters = NGramLanguageModel.Estimate(text, 5, LanguageModelUnit.Character);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"word trigram with {trigram.Count} n-grams, character 5-gram with {characters.Count}"));
        foreach ((string name, double noise) in new[] { ("sure", 0.02), ("unsure", 0.9) })
        {
            float[] frames = Speech(random, alphabet, Sentence(random, words) + " " + Sentence(random, words), noise);
            new Contest($"{Frames} frames x {alphabet.Count} labels, {name}", turns: 51)
                .Add("beam 32, word trigram", Decode(alphabet, frames, new CtcDecodingOptions(), trigram))
                .Add("beam 32, word trigram, no pruning", Decode(alphabet, frames, new CtcDecodingOptions { MinimumProbability = 0, PruningThreshold = double.PositiveInfinity }, trigram))
                .Add("beam 32, word trigram, word list", Decode(alphabet, frames, new CtcDecodingOptions { RestrictToWordList = true }, trigram, words))
                .Add("beam 32, character 5-gram", Decode(alphabet, frames, new CtcDecodingOptions(), characters))
                .Add("beam 32", Decode(alphabet, frames, new CtcDecodingOptions()))
                .Add("beam 128, word trigram", Decode(alphabet, frames, new CtcDecodingOptions { BeamWidth = 128 }, trigram))
                .Add("greedy", Decode(alphabet, frames, new CtcDecodingOptions { BeamWidth = 1 }))
                .Run(output);
        }
    }

    private static Action Decode(CtcAlphabet alphabet, float[] frames, CtcDecodingOptions options, NGramLanguageModel? model = null, string[]? words = null)
    {
        var decoder = new CtcDecoder(new CtcScorer(alphabet, options, model, words));
        return () => decoder.Decode(frames);
    }

    private static string Word(Random random) => new([.. Enumerable.Range(0, 2 + random.Next(7)).Select(_ => (char)('a' + (int)(26 * Math.Pow(random.NextDouble(), 2))))]);

    private static string Sentence(Random random, string[] words) =>
        string.Join(' ', Enumerable.Range(0, 3 + random.Next(10)).Select(_ => words[(int)(words.Length * Math.Pow(random.NextDouble(), 4))]));

    /// <summary>Each character in one to four frames, a blank between, and noise on everything.</summary>
    private static float[] Speech(Random random, CtcAlphabet alphabet, string text, double noise)
    {
        float[] result = new float[Frames * alphabet.Count];
        int place = 0, left = 0;
        for (int frame = 0; frame < Frames; frame++)
        {
            if (left-- == 0)
                (place, left) = (place + 1, 1 + random.Next(4));
            int label = left == 0 || place > text.Length ? alphabet.Blank : Enumerable.Range(1, alphabet.Count - 1).First(i => alphabet[i][0] == text[place - 1]);
            double[] row = [.. Enumerable.Range(0, alphabet.Count).Select(i => (i == label ? 1 - noise : 0) + (noise * Math.Pow(random.NextDouble(), 8)))];
            double sum = row.Sum();
            for (int i = 0; i < row.Length; i++)
                result[(frame * alphabet.Count) + i] = (float)Math.Log(row[i] / sum);
        }

        return result;
    }
}
