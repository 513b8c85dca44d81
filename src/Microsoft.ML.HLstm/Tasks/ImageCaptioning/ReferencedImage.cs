namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>An image with its reference captions.</summary>
/// <param name="Prediction">The caption to score, or null where none is read.</param>
/// <param name="References">Of all rows of the image.</param>
internal sealed record ReferencedImage(string? Prediction, List<string> References);
