namespace Microsoft.ML.HLstm;

/// <summary>How the dormant connections to activate are chosen.</summary>
public enum GrowthCriterion
{
    /// <summary>Those with the largest |average gradient| (arXiv 1805.11797).</summary>
    Gradient,

    /// <summary>Any, at random: the control for experiments.</summary>
    Random,
}
