using static Microsoft.ML.HLstm.Metrics.Captions.PtbRules;

namespace Microsoft.ML.HLstm.Metrics.Captions;

/// <summary>Brackets, dashes, dots and signs.</summary>
internal static class PtbSymbolRules
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<PtbRule> All { get; } =
    [
        Rule("(?:\"|&quot;)(?=(?<next>[A-Za-z0-9$]))", _ => "``"),
        Rule("\"|&quot;", _ => "''"),
        Rule("<|&lt;", _ => "<"),
        Rule(">|&gt;", _ => ">"),
        Rule(@"[<>]?[:;=][-o*']?[()DPO\\{@|\[\]](?=(?<next>[^A-Za-z0-9]|\z))", PtbText.Brackets),
        Rule(@"[-^x=~<>']_[-^x=~<>']|\([-^x=~<>'][_.]?[-^x=~<>']\)", PtbText.Brackets),
        Rule(@"[{}\[\]()]", PtbText.Brackets),
        Rule("-+", text => text.Length is 3 or 4 ? "--" : text),
        Rule(@"\.{3,5}|(?:\.[ \u00A0]){2,4}\.|[\u0085…]", _ => "..."),
        Rule("@+|#+|_+"),
        Rule(@"\*+|(?:\\\*){1,3}"),
        Rule("[,;:、]"),
        Rule("[?!]+"),
        Rule(@"[.¡¿\u037E\u0589\u061F\u06D4。]"),
        Rule("="),
        Rule("/"),
        Rule("<<|>>"),
        Rule(@"[+%&~^|\\¦§¨©¬®¯°±²³´µ¶·¸¹º×÷‖‗†‡•‣‰-‸※‾-⁂⁄⁺-ⁿ₊-₎\u2100-\u214F\u2190-\u21FF\u2200-\u2BFF]"),
    ];
}
