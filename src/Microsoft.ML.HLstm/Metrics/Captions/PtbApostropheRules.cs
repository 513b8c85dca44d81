using static Microsoft.ML.HLstm.Metrics.Captions.PtbRules;

namespace Microsoft.ML.HLstm.Metrics.Captions;

/// <summary>Words that an apostrophe does not take apart.</summary>
internal static class PtbApostropheRules
{
    private const string Apostrophe = @"(?:['’\u0092]|&apos;)";
    private const string LooseApostrophe = @"(?:['’\u0092`‘‛\u0091]|&apos;)";

    /// <summary>All of them; the longest counts, as everywhere.</summary>
    public static IReadOnlyList<PtbRule> All { get; } =
    [
        Rule($"{Apostrophe}n{Apostrophe}?"),
        Rule($"[ldj]{Apostrophe}"),
        Rule($"(?:dunkin|somethin|ol){Apostrophe}"),
        Rule($"{Apostrophe}(?:em|till?|cause|[2-9]0s)"),
        Rule($@"(?-i:[A-HJ-XZn]){LooseApostrophe}\p{{L}}{{2,}}"), // o'clock
        Rule($@"\p{{L}}+[aeiouy]{LooseApostrophe}(?-i:[aeiouA-Z])\p{{L}}*"), // Shi'ite
        Rule(@"cont'd\.?|'twas|nor'easter|c'mon|e'er|s'mores|ev'ry|li'l|nat'l"),
        Rule($"o{LooseApostrophe}o"),
        Rule($@"y{Apostrophe}(?=(?<next>\p{{L}}))"), // y'all
        Rule($"cap{Apostrophe}n|c{Apostrophe}est"),
    ];
}
