namespace Microsoft.ML.HLstm.Inference.Ctc;

/// <summary>What a beam search found.</summary>
/// <param name="Labels">The labels.</param>
/// <param name="Complete">How many of them are left without a last word that is not complete.</param>
/// <param name="LogProbability">Of all paths to the labels.</param>
/// <param name="Score">The objective.</param>
internal readonly record struct CtcResult(int[] Labels, int Complete, double LogProbability, double Score);
