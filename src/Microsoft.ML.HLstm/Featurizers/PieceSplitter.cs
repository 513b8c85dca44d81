using System.Text.RegularExpressions;

namespace Microsoft.ML.HLstm.Featurizers;

/// <summary>
/// Splits normalised text into pieces: runs of letters, runs of digits, and every other character alone, each with
/// the marker ▁ in front where a space or the start of the text was. Joining the pieces gives the text back.
/// </summary>
internal static partial class PieceSplitter
{
    /// <summary>Stands for the space before a piece (U+2581, as SentencePiece writes it).</summary>
    public const char Marker = '\u2581';

    /// <summary>The expression that cuts marked text; it matches every character of it exactly once.</summary>
    /// <remarks>.NET's classes see UTF-16 units, so a surrogate pair needs its own alternative to stay whole.</remarks>
    [GeneratedRegex(@"\u2581?(?:[\p{L}\p{M}]+|\p{N}+|[\uD800-\uDBFF][\uDC00-\uDFFF]|[^\u2581\p{L}\p{M}\p{N}])|\u2581", RegexOptions.CultureInvariant)]
    public static partial Regex Expression { get; }

    /// <summary>Writes normalised text with markers in place of spaces, and one in front.</summary>
    public static string Mark(string normalized) =>
        normalized.Length == 0 ? "" : Marker + normalized.Replace(' ', Marker);

    /// <summary>The pieces of a text, which is normalised and marked first.</summary>
    public static List<string> Split(ReadOnlySpan<char> text, bool lowerCase)
    {
        string marked = Mark(TextNormalizer.Normalize(text, lowerCase));
        var pieces = new List<string>();
        foreach (ValueMatch match in Expression.EnumerateMatches(marked))
            pieces.Add(marked.Substring(match.Index, match.Length));
        return pieces;
    }

    /// <summary>How often each piece occurs in the sentences.</summary>
    public static Dictionary<string, long> Count(IEnumerable<string> sentences, bool lowerCase)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (string sentence in sentences)
        {
            foreach (string piece in Split(sentence, lowerCase))
                counts[piece] = counts.GetValueOrDefault(piece) + 1;
        }

        return counts;
    }

    /// <summary>The piece as it reads in a text, without its marker.</summary>
    public static string Surface(string piece) => piece.StartsWith(Marker) ? piece[1..] : piece;
}
