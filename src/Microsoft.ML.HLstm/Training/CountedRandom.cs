namespace Microsoft.ML.HLstm.Training;

/// <summary>
/// The random numbers of <see cref="Random"/> with the same seed, whose state can be saved: it is how many were drawn. A
/// run of hundreds of epochs draws millions, which take milliseconds to draw again.
/// </summary>
internal sealed class CountedRandom(int seed) : Random(seed)
{
    /// <summary>Numbers drawn since the seed.</summary>
    public long Draws { get; private set; }

    /// <summary>A generator of the same seed after so many draws.</summary>
    public static CountedRandom After(int seed, long draws)
    {
        var random = new CountedRandom(seed);
        random.SkipTo(draws);
        return random;
    }

    /// <summary>Draws on until so many have been drawn.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More have been drawn already.</exception>
    public void SkipTo(long draws)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, Draws);
        while (Draws < draws)
            _ = Sample();
    }

    public override int Next()
    {
        Draws++;
        return base.Next();
    }

    /// <summary>Every bounded number, whole or real, comes from here: one draw each.</summary>
    protected override double Sample()
    {
        Draws++;
        return base.Sample();
    }

    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    public override void NextBytes(Span<byte> buffer)
    {
        for (int i = 0; i < buffer.Length; i++)
            buffer[i] = (byte)Next();
    }
}
