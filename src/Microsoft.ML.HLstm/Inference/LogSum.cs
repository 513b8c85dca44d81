namespace Microsoft.ML.HLstm.Inference;

/// <summary>Sums of probabilities that are kept as logarithms.</summary>
internal static class LogSum
{
    /// <summary>log(exp a + exp b) without overflow or underflow; negative infinity is a probability of 0.</summary>
    public static double Of(double a, double b)
    {
        (double larger, double smaller) = a > b ? (a, b) : (b, a);
        // Below, the smaller one changes no bit of the larger one; this also keeps two infinities from making a NaN.
        return smaller - larger > -40 ? larger + Math.Log(1 + Math.Exp(smaller - larger)) : larger;
    }
}
