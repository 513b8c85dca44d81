namespace Microsoft.ML.HLstm.Inference.Ctc;

/// <summary>A label of a transcript, and the frames of the most probable path that emit it.</summary>
/// <param name="Label">The label.</param>
/// <param name="FirstFrame">The first frame.</param>
/// <param name="LastFrame">The last frame; not before <paramref name="FirstFrame"/>.</param>
internal readonly record struct CtcLabelSpan(int Label, int FirstFrame, int LastFrame);
