using System.Globalization;

namespace Microsoft.ML.HLstm;

/// <summary>
/// The edits that turn references into hypotheses, as speech recognition counts them: of the alignments with the fewest edits,
/// one with the most correct tokens.
/// </summary>
/// <param name="Correct">Tokens of the reference that were recognised; 0 or more.</param>
/// <param name="Substitutions">Tokens of the reference that were taken for another; 0 or more.</param>
/// <param name="Deletions">Tokens of the reference that were missed; 0 or more.</param>
/// <param name="Insertions">Tokens of the hypothesis that nothing in the reference stands for; 0 or more.</param>
public readonly record struct ErrorCounts(long Correct, long Substitutions, long Deletions, long Insertions)
{
    /// <summary>All edits: the edit distance (Levenshtein 1966).</summary>
    public long Edits => Substitutions + Deletions + Insertions;

    /// <summary>The tokens of the reference.</summary>
    public long ReferenceLength => Correct + Substitutions + Deletions;

    /// <summary>The tokens of the hypothesis.</summary>
    public long HypothesisLength => Correct + Substitutions + Insertions;

    /// <summary>
    /// Edits for each token of the reference: 0 for a perfect hypothesis, above 1 where there are many insertions; NaN without
    /// tokens in the reference.
    /// </summary>
    public double Rate => ReferenceLength == 0 ? double.NaN : (double)Edits / ReferenceLength;

    /// <summary>The sums of two counts.</summary>
    public static ErrorCounts operator +(ErrorCounts left, ErrorCounts right) => Add(left, right);

    /// <summary>The sums of two counts.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static ErrorCounts Add(ErrorCounts left, ErrorCounts right) => new(
        left.Correct + right.Correct,
        left.Substitutions + right.Substitutions,
        left.Deletions + right.Deletions,
        left.Insertions + right.Insertions);

    /// <summary>The counts in one line, as scoring tools print them.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"(#C #S #D #I) {Correct} {Substitutions} {Deletions} {Insertions}");
}
