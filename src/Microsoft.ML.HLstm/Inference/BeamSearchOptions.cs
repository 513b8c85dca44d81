namespace Microsoft.ML.HLstm.Inference;

/// <summary>What a beam search looks for.</summary>
internal sealed record BeamSearchOptions
{
    /// <summary>Hypotheses kept at each step, 1 to 256; 1 is greedy search.</summary>
    public int BeamWidth { get; init; } = 5;

    /// <summary>Most tokens of a result, without its end token; at least 1.</summary>
    public int MaximumLength { get; init; } = 100;

    /// <summary>Exponent α of <see cref="LengthPenalty"/>, 0 (none) to 10.</summary>
    public double LengthNormalization { get; init; } = 1;

    /// <summary>Results wanted, 1 to <see cref="BeamWidth"/>.</summary>
    public int ResultCount { get; init; } = 1;

    /// <summary>No result contains the same n tokens in a row twice; 0 allows everything.</summary>
    public int NoRepeatNgramSize { get; init; }

    /// <summary>False keeps the unknown token out of results. True where it is replaced by the attended source word later.</summary>
    public bool AllowUnknown { get; init; } = true;

    /// <summary>
    /// What a log-probability is divided by: <c>((5 + length) / 6)^α</c>, where the length counts the end token (Wu et al.
    /// 2016, "Google's neural machine translation system", equation 14).
    /// </summary>
    public double LengthPenalty(int length) => Math.Pow((5.0 + length) / 6, LengthNormalization);

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message has its name, value and range.</exception>
    public void Validate()
    {
        Check(BeamWidth is >= 1 and <= 256, nameof(BeamWidth), BeamWidth, "1 to 256");
        Check(MaximumLength is >= 1 and < int.MaxValue, nameof(MaximumLength), MaximumLength, "1 or more");
        Check(LengthNormalization is >= 0 and <= 10, nameof(LengthNormalization), LengthNormalization, "0 to 10");
        Check(ResultCount >= 1 && ResultCount <= BeamWidth, nameof(ResultCount), ResultCount, $"1 to {nameof(BeamWidth)} ({BeamWidth})");
        Check(NoRepeatNgramSize >= 0, nameof(NoRepeatNgramSize), NoRepeatNgramSize, "0 or more");
    }

    private static void Check<T>(bool good, string name, T value, string allowed)
    {
        if (!good)
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; {allowed} is allowed.");
    }
}
