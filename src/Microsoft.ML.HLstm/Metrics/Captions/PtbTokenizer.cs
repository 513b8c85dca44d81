using System.Text.RegularExpressions;

namespace Microsoft.ML.HLstm.Metrics.Captions;

/// <summary>The tokenisation of the Penn Treebank as version 3.4.1 of the Stanford tokeniser does it with its default options.</summary>
internal static partial class PtbTokenizer
{
    /// <summary>The tokens of a line.</summary>
    public static List<string> Tokenize(string text)
    {
        var tokens = new List<string>();
        int position = 0;
        while (position < text.Length)
        {
            // Nearly every token is a word between spaces, for which no other rule can say otherwise.
            Match word = PlainWord.Match(text, position);
            if (word.Success)
            {
                tokens.Add(word.Value);
                position += word.Length;
            }
            else if (Longest(text, position) is (PtbRule rule, int length))
            {
                string token = text.Substring(position, length - rule.PutBack);
                tokens.Add(rule.Rewrite is null ? token : rule.Rewrite(token));
                position += token.Length;
            }
            else
            {
                // White space, and signs that the tokeniser does not know and leaves out.
                position++;
            }
        }

        return tokens;
    }

    private static (PtbRule Rule, int Length)? Longest(string text, int position)
    {
        (PtbRule, int)? best = null;
        int longest = 0;
        foreach (PtbRule rule in PtbRules.All)
        {
            Match match = rule.Pattern.Match(text, position);
            if (match.Success && match.Length + match.Groups[1].Length is int length && length > longest)
                (best, longest) = ((rule, match.Length), length);
        }

        return best;
    }

    [GeneratedRegex(@"\G(?!(?:cannot|gonna|gotta|lemme|gimme|wanna)\b)[a-z]+(?=[ ]|\z)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PlainWord { get; }
}
