using System.Text.RegularExpressions;

namespace Microsoft.ML.HLstm.Metrics.Captions;

/// <summary>The kinds of token of the Stanford tokeniser 3.4.1, in its order of precedence; the tokeniser looks at no case.</summary>
internal static class PtbRules
{
    private const string Letter = @"[\p{L}\p{Mn}\p{Mc}\u00AD]";
    private const string LetterOrDigit = @"[\p{L}\p{Mn}\p{Mc}\p{Nd}\u00AD]";
    private const string Apostrophe = @"(?:['’\u0092]|&apos;)";
    private const string LooseApostrophe = @"(?:['’\u0092`‘‛\u0091]|&apos;)";

    // A mark between two letters is inside a word: captions are often typed without the space after a full stop.
    private const string Word = $"{Letter}{LetterOrDigit}*(?:[.!?]{Letter}{LetterOrDigit}*)*";
    private const string Ending = $"{Apostrophe}(?:[msd]|re|ve|ll)";
    private const string Not = $"n{LooseApostrophe}t";
    private const string Number = @"[-+]?(?:\p{Nd}*(?:[.:,\u00AD٫٬]\p{Nd}+)+|\p{Nd}+)";
    private const string Elision = $"(?:[dol]{LooseApostrophe}[\\p{{L}}\\p{{Nd}}])?[\\p{{L}}\\p{{Nd}}]+";
    private const string Compound = $"{Elision}(?:[-_֊‐‑]{Elision})*";
    private const string Acronym = @"(?:[A-Za-z](?:\.[A-Za-z])*|(?:Canada|Sino|Korean|EU|Japan|non)-U\.S|U\.S\.-(?:U\.K|U\.S\.S\.R))";
    private const string HyphenatedWord = @"[A-Za-z0-9][A-Za-z0-9.,\u00AD]*(?:-(?:[A-Za-z](?:\.[A-Za-z])+\.|[A-Za-z0-9\u00AD]+))+";
    private const string Slashed = @"[A-Za-z0-9]+(?:-[A-Za-z]+){0,2}(?:\\?/[A-Za-z0-9]+(?:-[A-Za-z]+){0,2}){1,2}";
    private const string PauseFollows = "(?=(?<next>[,;:、]))";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<PtbRule> All { get; } =
    [
        Rule(@"c\+\+|[cf]#"),
        Rule("cannot", putBack: 3),
        Rule("'twas", putBack: 3),
        Rule("'tis|gonna|gotta|lemme|gimme|wanna", putBack: 2),
        Rule(@"</?[a-z][a-z0-9:.-]*(?: [^<>\n]*)?/?>", text => text.Replace(' ', '\u00A0')),
        Rule("&(?:MD|mdash|ndash);|[\u0096\u0097–—―]", _ => "--"),
        Rule("&amp;", _ => "&"),
        Rule($"(?:{Word})(?=(?<next>{Ending}))", PtbText.WithoutSoftHyphens),
        Rule($@"[A-Za-z\u00AD]*[A-MO-Za-mo-z]\u00AD*(?=(?<next>{Not}))", PtbText.WithoutSoftHyphens),
        Rule(Word, PtbText.WithoutSoftHyphens),
        .. PtbApostropheRules.All,
        Rule(@"https?://[^ \t\n\f\r""<>|(){}]+[^ \t\n\f\r""<>|.!?(){},-]"),
        Rule(@"(?:www\.(?:[^ \t\n\f\r""<>|.!?(){},]+\.)+[a-z]{2,4}|(?:[^ \t\n\f\r""`'<>|.!?(){},_$]+\.)+(?:com|net|org|edu))(?:/[^ \t\n\f\r""<>|()]+[^ \t\n\f\r""<>|.!?(){},-])?"),
        Rule(@"[a-z0-9][^ \t\n\f\r""<>|()\u00A0{}]*@(?:[^ \t\n\f\r""<>|(){}.\u00A0]+\.)*[^ \t\n\f\r""<>|(){}.\u00A0]+"),
        Rule($"@[a-z_][a-z_0-9]*|#{Letter}+"),
        Rule($"(?:{Ending})(?=(?<next>[^A-Za-z]|\\z))", PtbText.PlainQuotes),
        Rule($"(?:{Not})(?=(?<next>[^A-Za-z]|\\z))", PtbText.PlainQuotes),
        Rule(@"\p{Nd}{1,2}[-/]\p{Nd}{1,2}[-/]\p{Nd}{2,4}"),
        Rule(Number, PtbText.WithoutSoftHyphens),
        Rule(@"(?:\p{Nd}{1,4}[- \u00A0])?\p{Nd}{1,4}(?:\\?/|⁄)\p{Nd}{1,4}", text => text.Replace(' ', '\u00A0')),
        Rule("[¼½¾⅓⅔]", PtbText.Fraction),
        Rule("pro-|anti-"),
        Rule(Slashed),
        Rule(@"(?-i:[A-Z]*)\$|#"),
        Rule("[¢£¤¥€]", PtbText.Currency),
        .. PtbAbbreviationRules.Create(Acronym),
        Rule($@"(?:{Word})\.{PauseFollows}", PtbText.WithoutSoftHyphens),
        Rule(@"(?:\([0-9]{2,3}\)[ \u00A0]?|(?:\+\+?)?(?:[0-9]{2,4}[- \u00A0])?[0-9]{2,4}[- \u00A0])[0-9]{3,4}[- \u00A0]?[0-9]{3,5}", text => PtbText.Brackets(text).Replace(' ', '\u00A0')),
        .. PtbSymbolRules.All,
        Rule($@"(?:{HyphenatedWord})\.{PauseFollows}", PtbText.WithoutSoftHyphens),
        Rule(HyphenatedWord, PtbText.WithoutSoftHyphens),
        Rule($@"(?:{Compound})\.{PauseFollows}"),
        Rule(Compound),
        Rule("(?-i:[A-Z]+(?:(?:&amp;|[+&])[A-Z]+)+)", text => text.Replace("&amp;", "&", StringComparison.Ordinal)),
        Rule("'(?=(?<next>[A-Za-z][^ \t\n\r\u00A0]))", _ => "`"),
        Rule(Ending, PtbText.PlainQuotes),
        Rule(Not, PtbText.PlainQuotes),
        Rule($"{Apostrophe}|''|[`‘’‚‛“”\u0091\u0092\u0093\u0094„‟‹›«»]{{1,2}}", PtbText.LatexQuotes),
    ];

    /// <summary>A rule whose pattern looks at no case.</summary>
    public static PtbRule Rule(string pattern, Func<string, string>? rewrite = null, int putBack = 0) =>
        new(new Regex($@"\G(?:{pattern})", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase), rewrite, putBack);
}
