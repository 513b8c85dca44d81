namespace Microsoft.ML.HLstm.Tests.Inference.LanguageModels;

/// <summary>Sentences of a made-up language: what comes next depends on the last two words, frequent ones more often.</summary>
internal static class SampleText
{
    private static readonly string[] _words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "zero", "go", "stop"];

    public static string[] Sentences(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Sentence(random))];
    }

    private static string Sentence(Random random)
    {
        int length = 1 + random.Next(8), first = random.Next(12), second = random.Next(12);
        var words = new List<string>();
        for (int i = 0; i < length; i++)
        {
            int next = random.Next(3) == 0 ? (int)(12 * Math.Pow(random.NextDouble(), 2)) : ((2 * first) + second + 1) % 12;
            words.Add(_words[next]);
            (first, second) = (second, next);
        }

        return string.Join(' ', words);
    }
}
