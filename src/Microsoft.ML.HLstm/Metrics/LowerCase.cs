using System.Globalization;
using System.Text;

namespace Microsoft.ML.HLstm.Metrics;

/// <summary>
/// Unicode's full lower-casing, which sacreBLEU gets from Python. .NET maps character by character and so misses
/// the two cases that depend on more: the Greek final sigma, and the dotted capital I, which becomes two characters.
/// </summary>
internal static class LowerCase
{
    /// <summary>Lower-cases a text in every language alike.</summary>
    public static string Convert(string text)
    {
        string lower = text.ToLowerInvariant();
        if (!text.AsSpan().ContainsAny('Σ', 'İ'))
            return lower;

        // Simple case mapping keeps the length in UTF-16 units, so both texts share their positions.
        var full = new StringBuilder(lower.Length + 4);
        for (int i = 0; i < lower.Length; i++)
        {
            _ = text[i] switch
            {
                'İ' => full.Append("i\u0307"),
                'Σ' => full.Append(IsFinal(text, i) ? 'ς' : 'σ'),
                _ => full.Append(lower[i]),
            };
        }

        return full.ToString();
    }

    // Unicode's Final_Sigma: a cased letter before and none after, looking past marks and apostrophes.
    private static bool IsFinal(string text, int sigma)
    {
        int before = sigma - 1;
        while (before >= 0 && IsIgnorable(text, before))
            before--;
        int after = sigma + 1;
        while (after < text.Length && IsIgnorable(text, after))
            after++;
        return before >= 0 && IsCased(text, before) && !(after < text.Length && IsCased(text, after));
    }

    private static bool IsCased(string text, int index) => CharUnicodeInfo.GetUnicodeCategory(text, index) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter;

    private static bool IsIgnorable(string text, int index) => text[index] is '\'' or '.' or ':' or '·' or '’' or '‘'
        || CharUnicodeInfo.GetUnicodeCategory(text, index) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;
}
