using System.Text.RegularExpressions;

namespace Microsoft.ML.HLstm.Metrics;

/// <summary>
/// The tokenisation of mteval-v13a, in which nearly all published BLEU scores are computed: ASCII punctuation apart
/// from apostrophes stands alone, periods and commas stay inside numbers, dashes are cut off only after a digit.
/// </summary>
internal static partial class Tokenizer13a
{
    // U+001C to U+001F separate words for Python, on which sacreBLEU runs, but are no white space for .NET.
    private static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\u001C' and <= '\u001F';

    /// <summary>The tokens of a sentence.</summary>
    public static List<string> Tokenize(string text)
    {
        int end = text.Length;
        while (end > 0 && IsSpace(text[end - 1]))
            end--;
        string line = text[..end]
            .Replace("<skipped>", "", StringComparison.Ordinal)
            .Replace("-\n", "", StringComparison.Ordinal)
            .Replace('\n', ' ')
            .Replace("&quot;", "\"", StringComparison.Ordinal)
            .Replace("&amp;", "&", StringComparison.Ordinal)
            .Replace("&lt;", "<", StringComparison.Ordinal)
            .Replace("&gt;", ">", StringComparison.Ordinal);
        line = Punctuation.Replace($" {line} ", " $1 ");
        line = MarkNotAfterDigit.Replace(line, "$1 $2 ");
        line = MarkNotBeforeDigit.Replace(line, " $1 $2");
        line = DashAfterDigit.Replace(line, "$1 $2 ");
        return Split(line);
    }

    private static List<string> Split(string line)
    {
        var tokens = new List<string>();
        int start = 0;
        for (int i = 0; i <= line.Length; i++)
        {
            if (i < line.Length && !IsSpace(line[i]))
                continue;
            if (i > start)
                tokens.Add(line[start..i]);
            start = i + 1;
        }

        return tokens;
    }

    // Space and ASCII punctuation, without apostrophe, comma, dash and period.
    [GeneratedRegex(@"([ -&(-+/:-@\[-`{-~])", RegexOptions.CultureInvariant)]
    private static partial Regex Punctuation { get; }

    [GeneratedRegex("([^0-9])([.,])", RegexOptions.CultureInvariant)]
    private static partial Regex MarkNotAfterDigit { get; }

    [GeneratedRegex("([.,])([^0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex MarkNotBeforeDigit { get; }

    [GeneratedRegex("([0-9])(-)", RegexOptions.CultureInvariant)]
    private static partial Regex DashAfterDigit { get; }
}
