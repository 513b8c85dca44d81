namespace Microsoft.ML.HLstm.Networks;

/// <summary>A part of a network that drops values while it trains.</summary>
internal interface IDropout
{
    /// <summary>What its probability of dropout is multiplied by, from 0 to 1.</summary>
    double DropoutShare { get; set; }
}
