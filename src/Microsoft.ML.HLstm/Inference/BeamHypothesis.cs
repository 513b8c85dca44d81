namespace Microsoft.ML.HLstm.Inference;

/// <summary>One complete sequence that a beam search found.</summary>
/// <param name="Tokens">The token ids, without begin and end.</param>
/// <param name="Attended">For each token the source position attended to most, or -1 where the model has none.</param>
/// <param name="LogProbability">Natural logarithm of the sequence's probability, its end included.</param>
/// <param name="Score"><paramref name="LogProbability"/> after length normalisation: what results are ordered by.</param>
internal sealed record BeamHypothesis(int[] Tokens, int[] Attended, double LogProbability, double Score);
