namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>Makes sequences of frames longer or shorter by interpolating in time.</summary>
internal static class TimeStretch
{
    /// <summary>
    /// Frames [n, <paramref name="width"/>], n at least 1, as <paramref name="count"/> frames: the first and the last stay, and
    /// between them each is a weighted mean of its two neighbours.
    /// </summary>
    public static float[] Run(ReadOnlySpan<float> frames, int width, int count)
    {
        int last = frames.Length / width - 1;
        float[] stretched = new float[count * width];
        for (int t = 0; t < count; t++)
        {
            double place = count == 1 ? 0 : (double)t * last / (count - 1);
            int before = Math.Min((int)place, Math.Max(0, last - 1)), after = Math.Min(before + 1, last);
            System.Numerics.Tensors.TensorPrimitives.Lerp(
                frames.Slice(before * width, width), frames.Slice(after * width, width), (float)(place - before), stretched.AsSpan(t * width, width));
        }

        return stretched;
    }
}
