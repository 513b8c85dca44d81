namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>A training row as token ids: the source ends with the end token, the target has neither begin nor end.</summary>
/// <param name="Row">The row's number in the user's data, from 0.</param>
/// <param name="Source">Source tokens, with the end token.</param>
/// <param name="Target">Target tokens.</param>
internal sealed record SentencePair(long Row, int[] Source, int[] Target);
