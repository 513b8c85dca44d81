using System.Text;

namespace Microsoft.ML.HLstm.Metrics.Captions;

/// <summary>How the Penn Treebank writes what plain text writes otherwise.</summary>
internal static class PtbText
{
    /// <summary>Soft hyphens only say where a line may end.</summary>
    public static string WithoutSoftHyphens(string text) => text.Replace("\u00AD", "", StringComparison.Ordinal);

    /// <summary>Brackets as words.</summary>
    public static string Brackets(string text) => new StringBuilder(text)
        .Replace("(", "-LRB-").Replace(")", "-RRB-").Replace("{", "-LCB-").Replace("}", "-RCB-").Replace("[", "-LSB-").Replace("]", "-RSB-").ToString();

    /// <summary>Apostrophes as typewriters have them.</summary>
    public static string PlainQuotes(string text) => text
        .Replace("&apos;", "'", StringComparison.Ordinal).Replace('’', '\'').Replace('\u0092', '\'');

    /// <summary>Quotation marks as LaTeX has them.</summary>
    public static string LatexQuotes(string text) => string.Concat(PlainQuotes(text).Select(mark => mark switch
    {
        '‘' or '‚' or '‛' or '‹' or '\u0091' => "`",
        '›' => "'",
        '“' or '„' or '‟' or '«' or '\u0093' => "``",
        '”' or '»' or '\u0094' => "''",
        _ => mark.ToString(),
    }));

    /// <summary>A sign for a fraction, written out.</summary>
    public static string Fraction(string text) => text switch
    {
        "¼" => "1/4",
        "½" => "1/2",
        "¾" => "3/4",
        "⅓" => "1/3",
        _ => "2/3",
    };

    /// <summary>The Treebank has dollars, pounds and cents.</summary>
    public static string Currency(string text) => text switch
    {
        "¢" => "cents",
        "£" => "#",
        _ => "$",
    };
}
