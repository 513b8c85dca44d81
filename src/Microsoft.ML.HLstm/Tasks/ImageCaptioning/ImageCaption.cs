namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>A picture with one of its captions.</summary>
/// <param name="Row">The row's number in the user's data, from 0.</param>
/// <param name="Image">Features of the picture; one array for all its captions.</param>
/// <param name="Text">The caption.</param>
internal sealed record ImageCaption(long Row, float[] Image, string Text);
