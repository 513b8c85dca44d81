using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.HLstm;
using Microsoft.ML.HLstm.Featurizers.Audio;
using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(SpectrogramTransformer), null, typeof(SignatureLoadModel),
    "Spectrogram", SpectrogramTransformer.LoaderSignature)]

namespace Microsoft.ML.HLstm;

/// <summary>Computes frames of spectral features of samples; see <see cref="SpectrogramEstimator"/>.</summary>
public sealed class SpectrogramTransformer : SequenceTransformerBase
{
    /// <summary>The annotation of a column of frames with the numbers in one frame: Int32.</summary>
    public const string FrameWidthAnnotation = "FrameWidth";

    /// <summary>The annotation of a column of frames with the samples from the start of one frame to that of the next: Int32.</summary>
    public const string FrameHopAnnotation = "FrameHop";

    internal const string LoaderSignature = "Spectrogram";

    private readonly SpectrogramShape _shape;

    internal SpectrogramTransformer(IHost host, string input, string output, SpectrogramOptions options)
        : this(host, input, output, options, new SpectrogramShape(options, options.SampleRate!.Value))
    {
    }

    private SpectrogramTransformer(IHost host, string input, string output, SpectrogramOptions options, SpectrogramShape shape)
        : base(host, MakeColumns(input, output, shape)) => (Options, _shape) = (options, shape);

    /// <summary>The options, with the sample rate that holds.</summary>
    public SpectrogramOptions Options { get; }

    /// <summary>The numbers in a frame.</summary>
    public int FrameWidth => _shape.FrameWidth;

    private protected override VersionInfo Version => FormatVersion;

    // Format 1: column names, options.
    private static VersionInfo FormatVersion { get; } = MakeVersion(typeof(SpectrogramTransformer), "SPECTROG", 1, 1, 1, LoaderSignature);

    /// <summary>The rate that a column states, or null.</summary>
    internal static int? StatedRate(DataViewSchema.Column column) => ColumnNumbers.Find(column, AudioLoadingTransformer.SampleRateAnnotation);

    /// <summary>The column that is read; a rate of null fits every column.</summary>
    internal static InputColumn MakeInput(string name, int? sampleRate) => new("source", name, new VectorDataViewType(NumberDataViewType.Single))
    {
        Check = column => sampleRate is { } rate && StatedRate(column) is { } stated && stated != rate
            ? $"samples at {stated} Hz, where {rate} Hz are needed" : null,
    };

    /// <summary>The columns; before the rate is known, their types and the kinds of their annotations hold.</summary>
    internal static SequenceColumns MakeColumns(string input, string output, SpectrogramShape? shape) => new(
        [MakeInput(input, shape?.SampleRate)],
        [
            new OutputColumn(output, new VectorDataViewType(NumberDataViewType.Single))
            {
                Numbers = new Dictionary<string, int>
                {
                    [FrameWidthAnnotation] = shape?.FrameWidth ?? 0,
                    [FrameHopAnnotation] = shape?.Hop ?? 0,
                    [AudioLoadingTransformer.SampleRateAnnotation] = shape?.SampleRate ?? 0,
                },
            },
        ]);

    internal override SequenceScorer CreateScorer() => new SpectrogramRowScorer(Options, _shape);

    private protected override void WriteSettings(BinaryWriter writer) => SpectrogramHeader.Write(writer, Options);

    private static SpectrogramTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        IHost host = env.Register(LoaderSignature);
        string[] names = LoadColumnNames(ctx, FormatVersion, 2);
        return Checked(ctx, LoadChecked(ctx, reader => new SpectrogramTransformer(host, names[0], names[1], SpectrogramHeader.Read(reader))));
    }
}
