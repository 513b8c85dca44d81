namespace Microsoft.ML.HLstm;

/// <summary>How the frames of an utterance are brought to mean 0 and standard deviation 1 (n - 1 in the denominator).</summary>
public enum SpectrogramNormalization
{
    /// <summary>They are not.</summary>
    None,

    /// <summary>One mean and one deviation for all numbers of the utterance, as in DeepSpeech 2 (arXiv 1512.02595) and its descendants.</summary>
    Utterance,

    /// <summary>A mean and a deviation over the utterance for each place in a frame (cepstral mean and variance normalisation).</summary>
    Feature,
}
