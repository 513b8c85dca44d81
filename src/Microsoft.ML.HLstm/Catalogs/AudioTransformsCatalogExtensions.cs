using Microsoft.ML.Data;
using Microsoft.ML.HLstm;

namespace Microsoft.ML;

/// <summary>The transforms of audio that this package adds to <see cref="TransformsCatalog"/>.</summary>
public static class AudioTransformsCatalogExtensions
{
    extension(TransformsCatalog catalog)
    {
        /// <summary>Loads audio as samples of one channel at one rate; see <see cref="AudioLoadingEstimator"/>.</summary>
        /// <param name="outputColumnName">The column of samples: vector of Single.</param>
        /// <param name="inputColumnName">
        /// The column of paths (text), files' bytes (vector of Byte) or samples (vector of Single); null for the output's name.
        /// </param>
        /// <param name="audioFolder">The folder that relative paths start from; null for the current folder.</param>
        /// <param name="sampleRate">The rate of the output, from 1,000 to 384,000 Hz; everything is resampled to it.</param>
        /// <param name="sourceSampleRate">
        /// The rate of samples that come as a column, from 1,000 to 384,000 Hz; null for <paramref name="sampleRate"/>.
        /// Files state their own.
        /// </param>
        /// <exception cref="ArgumentException">A name is empty, or a rate is out of its range; the message names it.</exception>
        public AudioLoadingEstimator LoadAudio(string outputColumnName, string? inputColumnName = null,
            string? audioFolder = null, int sampleRate = 16_000, int? sourceSampleRate = null) =>
            new(catalog.GetEnvironment(), outputColumnName, inputColumnName ?? outputColumnName, audioFolder, sampleRate, sourceSampleRate);

        /// <summary>Computes frames of spectral features of samples; see <see cref="SpectrogramEstimator"/>.</summary>
        /// <param name="outputColumnName">The column of frames: vector of Single, with the annotation <c>FrameWidth</c>.</param>
        /// <param name="inputColumnName">The column of samples (vector of Single); null for the output's name.</param>
        /// <param name="options">The options; null for log magnitudes of 20 ms windows every 10 ms.</param>
        /// <exception cref="ArgumentException">A name is empty, or an option is out of its range; the message names it.</exception>
        public SpectrogramEstimator ComputeSpectrogram(string outputColumnName, string? inputColumnName = null, SpectrogramOptions? options = null) =>
            new(catalog.GetEnvironment(), outputColumnName, inputColumnName ?? outputColumnName, options ?? new SpectrogramOptions());
    }
}
