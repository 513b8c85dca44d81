namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>One recording with its transcript.</summary>
/// <param name="Row">Its number in the user's data.</param>
/// <param name="Frames">[frames, frame width].</param>
/// <param name="Labels">The transcript's labels, without blanks.</param>
internal sealed record Utterance(long Row, float[] Frames, int[] Labels);
