using Microsoft.ML.HLstm.Featurizers.Audio;
using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm;

/// <summary>Loads audio as samples of one channel at one rate.</summary>
/// <remarks>
/// <para>Input column: a path (text), a file's bytes (vector of Byte) or samples (vector of Single). Output column: vector of
/// Single of unknown size, samples in [-1, 1], with the annotation <c>SampleRate</c> (Int32, in Hz).</para>
/// <para>Read are WAV (PCM of 8, 16, 24 and 32 bits, floating point of 32 and 64, μ-law, also as WAVE_FORMAT_EXTENSIBLE) and
/// NIST SPHERE (16-bit PCM of both byte orders, μ-law; not compressed), known by their content, whatever the file is
/// called. Channels are averaged; floating-point samples beyond [-1, 1] are clipped. Another rate is resampled: passband up
/// to 0.91 of the lower Nyquist frequency, aliases 90 dB down.</para>
/// <para>A missing value (an empty path, a vector of length 0) gives a vector of length 0. Audio that cannot be read, or has no
/// samples, throws <see cref="AudioFormatException"/> when the row is read; a file that cannot be opened throws an
/// <see cref="IOException"/>. Samples that come as a column keep their range; they must be finite numbers.</para>
/// <para>Normalisation: none. Exportable to ONNX: no.</para>
/// </remarks>
public sealed class AudioLoadingEstimator : IEstimator<AudioLoadingTransformer>
{
    private readonly IHost _host;
    private readonly SequenceColumns _columns;
    private readonly string? _audioFolder;
    private readonly AudioRates _rates;

    internal AudioLoadingEstimator(IHostEnvironment environment, string outputColumnName, string inputColumnName,
        string? audioFolder, int sampleRate, int? sourceSampleRate)
    {
        OptionChecks.NotEmpty(outputColumnName, nameof(outputColumnName));
        OptionChecks.NotEmpty(inputColumnName, nameof(inputColumnName));
        _host = environment.Register(nameof(AudioLoadingEstimator));
        _rates = new AudioRates(sampleRate, sourceSampleRate ?? sampleRate);
        _rates.Validate();
        _columns = AudioLoadingTransformer.MakeColumns(inputColumnName, outputColumnName, sampleRate);
        _audioFolder = audioFolder;
    }

    /// <summary>Makes the transformer; nothing is learned.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or of another type.</exception>
    public AudioLoadingTransformer Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        _columns.FindInputs(_host, input.Schema);
        return new AudioLoadingTransformer(_host, _columns, _audioFolder, _rates);
    }

    /// <summary>The schema that the transformer will give.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        return _columns.GetOutputSchema(_host, inputSchema);
    }
}
