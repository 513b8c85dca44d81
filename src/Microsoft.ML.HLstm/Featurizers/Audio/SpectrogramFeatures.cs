namespace Microsoft.ML.HLstm;

/// <summary>What a frame of a spectrogram holds; X is the Fourier transform of the frame's windowed samples.</summary>
public enum SpectrogramFeatures
{
    /// <summary>log(1 + |X|) at frequencies 0 to half the sample rate: FftLength / 2 + 1 numbers.</summary>
    LogMagnitude,

    /// <summary>
    /// The natural logarithm of |X|² summed under triangles on the mel scale 2595 log10(1 + f/700) (HTK's), each of height 1,
    /// at least 1e-10: MelBands numbers.
    /// </summary>
    LogMel,

    /// <summary>The first Coefficients numbers of the orthonormal DCT-II of <see cref="LogMel"/>, without liftering.</summary>
    Mfcc,
}
