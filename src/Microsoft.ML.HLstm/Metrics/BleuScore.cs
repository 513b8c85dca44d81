using System.Globalization;

namespace Microsoft.ML.HLstm;

/// <summary>
/// A BLEU score (Papineni et al. 2002) with the numbers it is made of, computed as
/// <a href="https://github.com/mjpost/sacrebleu">sacreBLEU</a> computes it (Post 2018, arXiv 1804.08771).
/// </summary>
public sealed class BleuScore
{
    internal BleuScore(double score, double[] precisions, double brevityPenalty, long hypothesisLength, long referenceLength, string signature)
    {
        Score = score;
        Precisions = Array.AsReadOnly(precisions);
        BrevityPenalty = brevityPenalty;
        HypothesisLength = hypothesisLength;
        ReferenceLength = referenceLength;
        Signature = signature;
    }

    /// <summary>The score, 0 to 100; higher is better.</summary>
    public double Score { get; }

    /// <summary>The precisions of 1-grams to 4-grams after smoothing, each 0 to 100.</summary>
    public IReadOnlyList<double> Precisions { get; }

    /// <summary>The factor, 0 to 1, by which hypotheses shorter than their references lower the score.</summary>
    public double BrevityPenalty { get; }

    /// <summary>The number of tokens in all hypotheses.</summary>
    public long HypothesisLength { get; }

    /// <summary>The number of tokens in the references, of several always the one closest in length.</summary>
    public long ReferenceLength { get; }

    /// <summary>
    /// How the score was computed, in the form sacreBLEU uses. Quote it with the score: scores with different
    /// signatures (apart from the version, which is this package's) cannot be compared.
    /// </summary>
    public string Signature { get; }

    /// <summary>The score and its parts in one line, in the form sacreBLEU prints.</summary>
    public override string ToString()
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        double ratio = ReferenceLength == 0 ? 0 : (double)HypothesisLength / ReferenceLength;
        string precisions = string.Join('/', Precisions.Select(precision => precision.ToString("F1", culture)));
        return string.Create(culture, $"BLEU = {Score:F2} {precisions} (BP = {BrevityPenalty:F3} ratio = {ratio:F3} hyp_len = {HypothesisLength} ref_len = {ReferenceLength})");
    }
}
