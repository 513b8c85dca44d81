namespace Microsoft.ML.HLstm.Experiments;

/// <summary>A source of random numbers for each trial, so that what a trial does depends on no other's.</summary>
internal static class TrialRandom
{
    /// <summary>The source of one trial of an experiment.</summary>
    public static Random Create(int seed, int trialId) => new(SeedOf(seed, trialId));

    /// <summary>A seed whose bits are mixed (the finalizer of MurmurHash3), because neighbouring seeds may give alike numbers.</summary>
    public static int SeedOf(int seed, int trialId)
    {
        uint x = unchecked((uint)seed * 0x9E3779B9u + (uint)trialId);
        x = unchecked((x ^ (x >> 16)) * 0x85EBCA6Bu);
        x = unchecked((x ^ (x >> 13)) * 0xC2B2AE35u);
        return (int)((x ^ (x >> 16)) & int.MaxValue);
    }

    /// <summary>A number of the standard normal distribution (G. E. P. Box, M. E. Muller, 1958).</summary>
    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
