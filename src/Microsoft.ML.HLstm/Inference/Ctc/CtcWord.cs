namespace Microsoft.ML.HLstm.Inference.Ctc;

/// <summary>A recognised word.</summary>
/// <param name="Text">The word.</param>
/// <param name="FirstFrame">The frame in which its first label starts.</param>
/// <param name="LastFrame">The frame in which its last label ends; not before <paramref name="FirstFrame"/>.</param>
internal readonly record struct CtcWord(string Text, int FirstFrame, int LastFrame);
