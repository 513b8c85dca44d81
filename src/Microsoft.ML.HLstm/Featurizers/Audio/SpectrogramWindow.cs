namespace Microsoft.ML.HLstm;

/// <summary>The function that weights the samples of a frame; n samples, j from 0. All are periodic, as for torch.</summary>
public enum SpectrogramWindow
{
    /// <summary>0.54 - 0.46 cos(2πj/n).</summary>
    Hamming,

    /// <summary>0.5 - 0.5 cos(2πj/n).</summary>
    Hann,

    /// <summary>1.</summary>
    Rectangular,
}
