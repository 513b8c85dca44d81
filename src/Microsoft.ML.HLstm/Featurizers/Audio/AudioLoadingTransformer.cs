using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.HLstm;
using Microsoft.ML.HLstm.Featurizers.Audio;
using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(AudioLoadingTransformer), null, typeof(SignatureLoadModel),
    "Audio loading", AudioLoadingTransformer.LoaderSignature)]

namespace Microsoft.ML.HLstm;

/// <summary>Loads audio as samples of one channel at one rate; see <see cref="AudioLoadingEstimator"/>.</summary>
public sealed class AudioLoadingTransformer : SequenceTransformerBase
{
    /// <summary>The annotation of a column of samples with their rate: Int32, in Hz.</summary>
    public const string SampleRateAnnotation = "SampleRate";

    internal const string LoaderSignature = "AudioLoading";

    private readonly AudioRates _rates;

    internal AudioLoadingTransformer(IHost host, SequenceColumns columns, string? audioFolder, AudioRates rates)
        : base(host, columns) => (AudioFolder, _rates) = (audioFolder, rates);

    /// <summary>The folder that relative paths start from; null for the current folder. It is kept in the model file as it was given.</summary>
    public string? AudioFolder { get; }

    /// <summary>The rate of the output's samples, in Hz.</summary>
    public int SampleRate => _rates.SampleRate;

    private protected override VersionInfo Version => FormatVersion;

    // Format 1: column names, folder or an empty text, both rates.
    private static VersionInfo FormatVersion { get; } = MakeVersion(typeof(AudioLoadingTransformer), "AUDIOLOD", 1, 1, 1, LoaderSignature);

    internal static SequenceColumns MakeColumns(string input, string output, int sampleRate) => new(
        [
            new InputColumn("source", input, TextDataViewType.Instance)
            {
                Alternatives = [new VectorDataViewType(NumberDataViewType.Byte), new VectorDataViewType(NumberDataViewType.Single)],
            },
        ],
        [
            new OutputColumn(output, new VectorDataViewType(NumberDataViewType.Single))
            {
                Numbers = new Dictionary<string, int> { [SampleRateAnnotation] = sampleRate },
            },
        ]);

    internal override SequenceScorer CreateScorer() => new AudioRowLoader(AudioFolder, _rates);

    private protected override void WriteSettings(BinaryWriter writer)
    {
        writer.Write(AudioFolder ?? "");
        writer.Write(_rates.SampleRate);
        writer.Write(_rates.SourceSampleRate);
    }

    private static AudioLoadingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        IHost host = env.Register(LoaderSignature);
        string[] names = LoadColumnNames(ctx, FormatVersion, 2);
        return Checked(ctx, LoadChecked(ctx, reader =>
        {
            string folder = reader.ReadString();
            AudioRates rates = new(reader.ReadInt32(), reader.ReadInt32());
            rates.Validate();
            SequenceColumns columns = MakeColumns(names[0], names[1], rates.SampleRate);
            return new AudioLoadingTransformer(host, columns, folder.Length == 0 ? null : folder, rates);
        }));
    }
}
