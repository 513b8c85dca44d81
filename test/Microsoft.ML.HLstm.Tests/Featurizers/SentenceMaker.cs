using System.Text;

namespace Microsoft.ML.HLstm.Featurizers;

/// <summary>Makes up sentences: word-like ones for learning, and wild Unicode for everything else.</summary>
internal static class SentenceMaker
{
    private static readonly string[] _wild =
        ["a", "B", "é", "e\u0301", "ß", "İ", "ñ", "\u0308", "7", "٣", "Ⅷ", " ", "  ", "\t", "\r\n", "\u00A0", "\u2028", "\0", "\u0085", ".", ",", "-", "'", "<unk>",
            "</s>", "#", "#version", "▁", "▁▁", "_", "😀", "👩‍👩‍👧", "👍🏽", "🇩🇪", "❤️", "𝔘", "𠮷", "猫", "ひ", "각", "\uAC00\u11A8", "\uD800", "\uDC00", "\uFFFE", "\uFFFF", "\u200B", "<", "|", "\\", "\""];

    /// <summary>Sentences of invented words with a skewed distribution, so that there is something to merge.</summary>
    public static List<string> WordLike(int count, int distinctWords, int seed)
    {
        var random = new Random(seed);
        string[] syllables = ["der", "hu", "nd", "ro", "ter", "an", "üb", "mann", "schaf", "e", "s", "ing", "th", "#", "run", "ll", "aaa", "ba"];
        string[] words = [.. Enumerable.Range(0, distinctWords).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => syllables[random.Next(syllables.Length)])))];
        var sentences = new List<string>(count);
        for (int i = 0; i < count; i++)
        {
            var sentence = new StringBuilder();
            for (int w = random.Next(5, 18); w > 0; w--)
                _ = sentence.Append(words[(int)(distinctWords * Math.Pow(random.NextDouble(), 3))]).Append(random.Next(8) == 0 ? ", " : " ");
            sentences.Add(sentence.Append('.').ToString());
        }

        return sentences;
    }

    /// <summary>A text of the characters that break tokenisers; sometimes empty.</summary>
    public static string Wild(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => _wild[random.Next(_wild.Length)]));
}
