namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>
/// Moves what is said up or down in frequency, as a shorter or a longer vocal tract would (vocal tract length perturbation,
/// N. Jaitly and G. Hinton, ICML 2013 workshop on deep learning for audio): band <c>f</c> goes to <c>αf</c> up to a knee, from
/// which a straight line leads to the last band, which stays.
/// </summary>
internal static class FrequencyWarp
{
    // The published knee: 4,800 Hz of the 5,600 Hz that their bands reach.
    private const double Knee = 4800.0 / 5600;

    /// <summary>
    /// Warps frames [n, <paramref name="width"/>] in place. Values between bands lie on the line between their neighbours.
    /// </summary>
    /// <param name="frames">The frames.</param>
    /// <param name="width">Bands of a frame.</param>
    /// <param name="factor">α, above 0: what the bands are multiplied by.</param>
    public static void Run(Span<float> frames, int width, double factor)
    {
        Span<float> before = width <= 512 ? stackalloc float[width] : new float[width];
        double[] places = [.. Enumerable.Range(0, width).Select(band => Source(band, width - 1, factor))];
        for (int start = 0; start < frames.Length; start += width)
        {
            Span<float> frame = frames.Slice(start, width);
            frame.CopyTo(before);
            for (int band = 0; band < width; band++)
            {
                int low = Math.Min((int)places[band], Math.Max(0, width - 2)), high = Math.Min(low + 1, width - 1);
                frame[band] = float.Lerp(before[low], before[high], (float)(places[band] - low));
            }
        }
    }

    /// <summary>Where the value of a band comes from, on an axis from 0 to <paramref name="last"/>.</summary>
    private static double Source(int band, int last, double factor)
    {
        double to = Knee * last * Math.Min(factor, 1), from = to / factor;
        return band <= to ? band / factor : last - ((last - band) * (last - from) / (last - to));
    }
}
