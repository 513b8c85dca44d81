namespace Microsoft.ML.HLstm.Metrics;

/// <summary>What BLEU does when no n-gram of an order matches.</summary>
internal enum BleuSmoothing
{
    /// <summary>The first such precision counts half a match, the next a quarter, and so on (mteval-v13a; sacreBLEU's default).</summary>
    Exponential,

    /// <summary>The precision is zero, and so is the score.</summary>
    None,
}
