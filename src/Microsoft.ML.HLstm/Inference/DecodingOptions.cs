namespace Microsoft.ML.HLstm;

/// <summary>How an output sequence is searched for. Saved in the model zip but for <see cref="Threads"/>, and can be changed when scoring.</summary>
public sealed record DecodingOptions
{
    /// <summary>Hypotheses that the beam search keeps, from 1 (greedy) to 256.</summary>
    public int BeamWidth { get; init; } = 5;

    /// <summary>
    /// The exponent α of the length normalisation ((5 + length) / 6)^α of Y. Wu et al., arXiv 1609.08144; from 0 (none) to 4.
    /// </summary>
    public double LengthNormalization { get; init; } = 1;

    /// <summary>Entries of the Alternatives column, best first; from 1 to 256; at most <see cref="BeamWidth"/> are found.</summary>
    public int Alternatives { get; init; } = 1;

    /// <summary>Outputs have no more tokens than this; from 1 to 10,000.</summary>
    public int MaximumLength { get; init; } = 100;

    /// <summary>No sequence of so many tokens occurs twice in an output; from 0 (no limit) to 100.</summary>
    public int NoRepeatNgramSize { get; init; }

    /// <summary>
    /// Threads of one cursor or prediction engine, from 1 to 1,024: with 2 or more, a bidirectional encoder reads in both
    /// directions at the same time. Results do not depend on it. Not saved: it belongs to the machine, not to the model.
    /// </summary>
    public int Threads { get; init; } = 1;

    internal void Validate()
    {
        OptionChecks.InRange(BeamWidth, 1, 256, "Decoding." + nameof(BeamWidth));
        OptionChecks.InRange(LengthNormalization, 0, 4, "Decoding." + nameof(LengthNormalization));
        OptionChecks.InRange(Alternatives, 1, 256, "Decoding." + nameof(Alternatives));
        OptionChecks.InRange(MaximumLength, 1, 10_000, "Decoding." + nameof(MaximumLength));
        OptionChecks.InRange(NoRepeatNgramSize, 0, 100, "Decoding." + nameof(NoRepeatNgramSize));
        OptionChecks.InRange(Threads, 1, 1024, "Decoding." + nameof(Threads));
    }
}
