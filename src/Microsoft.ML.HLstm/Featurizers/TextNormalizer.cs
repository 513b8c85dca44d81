using System.Text;

namespace Microsoft.ML.HLstm.Featurizers;

/// <summary>Brings a text into the one form that the vocabularies count, encode and give back.</summary>
internal static class TextNormalizer
{
    /// <summary>
    /// Well-formed, NFC-normalised text in which runs of white space and control characters are one space, without
    /// space at either end.
    /// </summary>
    /// <param name="text">Any text; surrogates without a partner become U+FFFD.</param>
    /// <param name="lowerCase">Whether to lower-case the text by the invariant culture first.</param>
    /// <remarks>
    /// The word marker itself (U+2581) becomes an underscore, so that it can never be taken for a space. With the
    /// runtime's invariant globalization .NET leaves non-ASCII text as it is instead of composing it.
    /// </remarks>
    public static string Normalize(ReadOnlySpan<char> text, bool lowerCase)
    {
        var wellFormed = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            // string.Normalize refuses U+FFFE as it refuses lone surrogates, which EnumerateRunes has replaced already.
            Rune valid = rune.Value == 0xFFFE ? Rune.ReplacementChar : rune;
            _ = wellFormed.Append(lowerCase ? Rune.ToLowerInvariant(valid) : valid);
        }

        return CollapseSpaces(wellFormed.ToString().Normalize(NormalizationForm.FormC));
    }

    private static string CollapseSpaces(string text)
    {
        var collapsed = new StringBuilder(text.Length);
        bool spaceBefore = false;
        foreach (char c in text)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c))
            {
                spaceBefore = collapsed.Length > 0;
                continue;
            }

            if (spaceBefore)
                _ = collapsed.Append(' ');
            spaceBefore = false;
            _ = collapsed.Append(c == PieceSplitter.Marker ? '_' : c);
        }

        return collapsed.ToString();
    }
}
