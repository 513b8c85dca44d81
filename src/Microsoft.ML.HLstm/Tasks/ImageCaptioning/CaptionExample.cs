namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>A picture with one of its captions as token ids, without begin and end.</summary>
/// <param name="Row">The row's number in the user's data, from 0.</param>
/// <param name="Image">Features of the picture; one array for all its captions.</param>
/// <param name="Caption">Tokens.</param>
internal sealed record CaptionExample(long Row, float[] Image, int[] Caption);
