using System.Globalization;
using System.Text;
using Microsoft.ML.HLstm.Featurizers;

namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>Captions as the network learns them: words only.</summary>
internal static class CaptionText
{
    /// <summary>
    /// The normalised text without punctuation and symbols, each of which separates words, but for apostrophes and hyphens
    /// inside a word.
    /// </summary>
    public static string Normalize(string text, bool lowerCase)
    {
        string normal = TextNormalizer.Normalize(text, lowerCase);
        var words = new StringBuilder(normal.Length);
        for (int i = 0; i < normal.Length; i++)
            words.Append(IsWord(normal, i) || Joins(normal, i) ? normal[i] : ' ');
        return TextNormalizer.Normalize(words.ToString(), lowerCase: false);
    }

    private static bool Joins(string text, int i) =>
        text[i] is '\'' or '\u2019' or '-' && i > 0 && i + 1 < text.Length && IsWord(text, i - 1) && IsWord(text, i + 1);

    private static bool IsWord(string text, int i) => CharUnicodeInfo.GetUnicodeCategory(text, i) switch
    {
        <= UnicodeCategory.OtherNumber => true,
        // The second half of a pair belongs to the character of the first.
        UnicodeCategory.Surrogate => i > 0 && char.IsSurrogatePair(text, i - 1) && IsWord(text, i - 1),
        _ => false,
    };
}
