using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm;

/// <summary>Computes frames of spectral features of samples: the short-time Fourier transform and what is made of it.</summary>
/// <remarks>
/// <para>Input column: samples, vector of Single, with or without the annotation <c>SampleRate</c>, which must fit. Output column:
/// vector of Single of unknown size, frame after frame, with the annotations (Int32) <c>FrameWidth</c>: the numbers in a
/// frame; <c>FrameHop</c>: samples from the start of a frame to that of the next; and <c>SampleRate</c>.</para>
/// <para>Frame k starts at sample k · hop and only whole frames count: no padding at the edges. That is
/// <c>torch.stft(x, n_fft, hop_length, win_length, window, center: false, onesided: true)</c> with torch's periodic windows
/// and n_fft = win_length; a larger FftLength adds zeros behind each window. Samples that do not fill one window give
/// one frame, filled up with zeros; no samples (a missing value) give no frames.</para>
/// <para>A sample that is not a finite number throws <see cref="AudioFormatException"/> when the row is read.</para>
/// <para>Normalisation: by utterance, see <see cref="SpectrogramOptions.Normalization"/>. Exportable to ONNX: no.</para>
/// </remarks>
public sealed class SpectrogramEstimator : IEstimator<SpectrogramTransformer>
{
    private const int DefaultSampleRate = 16_000;

    private readonly IHost _host;
    private readonly string _outputColumnName, _inputColumnName;
    private readonly SpectrogramOptions _options;

    internal SpectrogramEstimator(IHostEnvironment environment, string outputColumnName, string inputColumnName, SpectrogramOptions options)
    {
        OptionChecks.NotEmpty(outputColumnName, nameof(outputColumnName));
        OptionChecks.NotEmpty(inputColumnName, nameof(inputColumnName));
        options.Validate();
        _host = environment.Register(nameof(SpectrogramEstimator));
        (_outputColumnName, _inputColumnName, _options) = (outputColumnName, inputColumnName, options);
    }

    /// <summary>Makes the transformer; what is learned is the sample rate, if the options do not state it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The input column is missing, of another type or at another rate, or an option does not fit its rate.
    /// </exception>
    public SpectrogramTransformer Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        DataViewSchema.Column column = SpectrogramTransformer.MakeInput(_inputColumnName, _options.SampleRate).Find(_host, input.Schema);
        int rate = _options.SampleRate ?? SpectrogramTransformer.StatedRate(column) ?? DefaultSampleRate;
        return new SpectrogramTransformer(_host, _inputColumnName, _outputColumnName, _options with { SampleRate = rate });
    }

    /// <summary>The schema that the transformer will give.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        return SpectrogramTransformer.MakeColumns(_inputColumnName, _outputColumnName, shape: null).GetOutputSchema(_host, inputSchema);
    }
}
