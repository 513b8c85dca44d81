using Microsoft.ML.Data;
using Microsoft.ML.HLstm.ModelFile;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>What a recogniser reads.</summary>
/// <param name="Width">Numbers of a frame.</param>
/// <param name="Seconds">From the start of a frame to that of the next; 0 where that is not known.</param>
internal sealed record SpeechFrames(int Width, double Seconds)
{
    private const string Source = "ComputeSpectrogram writes it; for frames of your own, AddAnnotation of the column in a SchemaDefinition";

    /// <summary>The frames of a column, as its annotations state them.</summary>
    public static SpeechFrames Of(DataViewSchema.Column column) => new(
        ColumnNumbers.Find(column, SpectrogramTransformer.FrameWidthAnnotation) ?? 0,
        ColumnNumbers.Find(column, SpectrogramTransformer.FrameHopAnnotation) is { } hop && SpectrogramTransformer.StatedRate(column) is { } rate and > 0
            ? (double)hop / rate : 0);

    /// <summary>A column of frames; null fits frames of every kind.</summary>
    public static InputColumn Column(string name, SpeechFrames? needed) => new("feature", name, new VectorDataViewType(NumberDataViewType.Single))
    {
        Annotation = (SpectrogramTransformer.FrameWidthAnnotation, Source),
        Check = column => Of(column).Differs(needed),
    };

    private string? Differs(SpeechFrames? needed)
    {
        if (Width < 1)
            return $"the annotation '{SpectrogramTransformer.FrameWidthAnnotation}' = {Width}, where at least 1 is needed";
        if (needed is null)
            return null;
        if (Width != needed.Width)
            return $"frames of {Width} numbers, where {needed.Width} are needed";
        // Frames of unknown distance fit: it changes no transcript that it could be checked against.
        return Seconds > 0 && needed.Seconds > 0 && Math.Abs(Seconds - needed.Seconds) > 1e-6 * needed.Seconds
            ? FormattableString.Invariant($"frames every {1000 * Seconds} ms, where every {1000 * needed.Seconds} ms is needed")
            : null;
    }
}
