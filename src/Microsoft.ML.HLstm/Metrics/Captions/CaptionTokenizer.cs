namespace Microsoft.ML.HLstm.Metrics.Captions;

/// <summary>The words of a caption as the COCO caption evaluation counts them: Penn Treebank tokens in lower case, without punctuation.</summary>
internal static class CaptionTokenizer
{
    // The evaluation's list also has the brackets (-LRB- to -RCB-) but is applied after lower-casing, which lets them through.
    private static readonly HashSet<string> _punctuation = ["''", "'", "``", "`", ".", "?", "!", ",", ":", "-", "--", "...", ";"];

    /// <summary>The words of a caption.</summary>
    public static List<string> Tokenize(string caption)
    {
        List<string> tokens = PtbTokenizer.Tokenize(caption.Replace('\n', ' ').Replace('\r', ' '));
        return [.. tokens.Select(LowerCase.Convert).Where(token => !_punctuation.Contains(token))];
    }
}
