namespace Microsoft.ML.HLstm.Metrics.Captions;

/// <summary>The scores of a corpus of captions.</summary>
/// <param name="CiderD">0 to 10.</param>
/// <param name="Bleu">BLEU with n-grams up to 1, 2, 3 and 4, each 0 to 1.</param>
/// <param name="RougeL">0 to 1.</param>
/// <param name="Images">How many captions were scored.</param>
/// <param name="Signature">How they were scored.</param>
internal sealed record CaptionScores(double CiderD, IReadOnlyList<double> Bleu, double RougeL, int Images, string Signature);
