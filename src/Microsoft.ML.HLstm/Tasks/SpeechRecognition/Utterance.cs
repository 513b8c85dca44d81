namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>One recording with its transcript.</summary>
/// <param name="Row">Its number in the user's data.</param>
/// <param name="Frames">[frames, frame width].</param>
/// <param name="Labels">The transcript's labels, without blanks.</param>
internal sealed record Utterance(long Row, float[] Frames, int[] Labels)
{
    /// <summary>Steps that a path through the labels has at least: a blank stands between equal ones.</summary>
    public int FewestSteps => Labels.Length + Labels.Skip(1).Zip(Labels).Count(pair => pair.First == pair.Second);
}
