namespace Microsoft.ML.HLstm.Featurizers.Audio;

/// <summary>What holds for samples that come as a column.</summary>
internal static class AudioSamples
{
    /// <summary>Refuses samples that are not numbers: one would spread over the whole row.</summary>
    /// <exception cref="AudioFormatException">A sample is not a finite number.</exception>
    public static void CheckFinite(ReadOnlySpan<float> samples)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            if (!float.IsFinite(samples[i]))
                throw new AudioFormatException("a row's samples", $"sample {i} is {samples[i]}; finite numbers are allowed", i);
        }
    }
}
