namespace Microsoft.ML.HLstm;

/// <summary>
/// How a transcript is searched for in what a recogniser trained by connectionist temporal classification (A. Graves et al.,
/// ICML 2006) gives for each frame. The search looks for the transcript with the greatest
/// <code>
/// log P(transcript | speech) + <see cref="LanguageModelWeight"/> log P(transcript) + <see cref="WordBonus"/> words
///     + <see cref="CharacterBonus"/> characters - <see cref="UnknownWordPenalty"/> unknown words
/// </code>
/// with natural logarithms; the terms of the language model are there only where there is one, and what is frequent is first taken
/// away from what is heard (<see cref="PriorWeight"/>). Saved in the model zip but for <see cref="Threads"/>, and can be changed when scoring.
/// </summary>
public sealed record CtcDecodingOptions
{
    /// <summary>
    /// Transcripts that the search keeps from frame to frame, from 1 to 1,024. 1, without a language model and word list, is
    /// greedy: the most probable symbol of each frame.
    /// </summary>
    public int BeamWidth { get; init; } = 32;

    /// <summary>Transcripts wanted, best first; from 1 to 256; at most <see cref="BeamWidth"/> are found.</summary>
    public int Alternatives { get; init; } = 1;

    /// <summary>The weight of the language model's log-probability, from 0 to 100.</summary>
    public double LanguageModelWeight { get; init; } = 0.5;

    /// <summary>What each word adds, from -100 to 100. A language model favours few words; a bonus makes up for that.</summary>
    public double WordBonus { get; init; }

    /// <summary>What each character of a word adds, from -100 to 100.</summary>
    public double CharacterBonus { get; init; }

    /// <summary>What a word that a language model of words does not know costs beside its probability, from 0 to 1,000.</summary>
    public double UnknownWordPenalty { get; init; }

    /// <summary>
    /// How much of how often the network gives each symbol, whatever is said, is taken away from what it gives for a frame, from 0 (nothing) to 1: the
    /// probability of a symbol is divided by its mean over many recordings to this power. The language model knows which symbols are frequent, too,
    /// and frequency then does not count twice. Needs a model whose search was tuned, which is when the means are learned.
    /// </summary>
    public double PriorWeight { get; init; }

    /// <summary>
    /// True to allow only words of the recogniser's word list. Where speech breaks off so that no transcript of the beam ends with
    /// such a word, the best one is given without its last word.
    /// </summary>
    public bool RestrictToWordList { get; init; }

    /// <summary>
    /// Symbols less probable than this do not continue a transcript in a frame; from 0 (all continue) to below 1.
    /// </summary>
    public double MinimumProbability { get; init; } = 1e-4;

    /// <summary>
    /// Transcripts whose objective lies further than this below the best of a frame are dropped; above 0, and
    /// <see cref="double.PositiveInfinity"/> drops none.
    /// </summary>
    public double PruningThreshold { get; init; } = 25;

    /// <summary>
    /// Threads of one cursor or prediction engine, from 1 to 1,024: with 2 or more, bidirectional layers read in both directions
    /// at the same time. Results do not depend on it. Not saved: it belongs to the machine, not to the model.
    /// </summary>
    public int Threads { get; init; } = 1;

    internal void Validate()
    {
        OptionChecks.InRange(BeamWidth, 1, 1024, "Decoding." + nameof(BeamWidth));
        OptionChecks.InRange(Alternatives, 1, 256, "Decoding." + nameof(Alternatives));
        OptionChecks.InRange(LanguageModelWeight, 0, 100, "Decoding." + nameof(LanguageModelWeight));
        OptionChecks.InRange(WordBonus, -100, 100, "Decoding." + nameof(WordBonus));
        OptionChecks.InRange(CharacterBonus, -100, 100, "Decoding." + nameof(CharacterBonus));
        OptionChecks.InRange(UnknownWordPenalty, 0, 1000, "Decoding." + nameof(UnknownWordPenalty));
        OptionChecks.InRange(PriorWeight, 0, 1, "Decoding." + nameof(PriorWeight));
        OptionChecks.Probability(MinimumProbability, "Decoding." + nameof(MinimumProbability));
        OptionChecks.InRange(Threads, 1, 1024, "Decoding." + nameof(Threads));
        OptionChecks.AboveUpTo(PruningThreshold, 0, double.PositiveInfinity, "Decoding." + nameof(PruningThreshold));
    }
}
