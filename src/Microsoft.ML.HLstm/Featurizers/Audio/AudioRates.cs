namespace Microsoft.ML.HLstm.Featurizers.Audio;

/// <summary>The rates of a loading transformer, in Hz.</summary>
/// <param name="SampleRate">The rate of what comes out.</param>
/// <param name="SourceSampleRate">The rate of samples that come as a column; files state their own.</param>
internal readonly record struct AudioRates(int SampleRate, int SourceSampleRate)
{
    /// <summary>Checks the rates.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A rate is out of its range; the message names it.</exception>
    public void Validate()
    {
        OptionChecks.InRange(SampleRate, SampleLayout.MinimumSampleRate, SampleLayout.MaximumSampleRate, "sampleRate");
        OptionChecks.InRange(SourceSampleRate, SampleLayout.MinimumSampleRate, SampleLayout.MaximumSampleRate, "sourceSampleRate");
    }
}
