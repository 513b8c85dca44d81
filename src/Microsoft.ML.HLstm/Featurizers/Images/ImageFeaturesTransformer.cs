using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.HLstm;
using Microsoft.ML.HLstm.Featurizers.Images;
using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ImageFeaturesTransformer), null, typeof(SignatureLoadModel),
    "Image features", ImageFeaturesTransformer.LoaderSignature)]

namespace Microsoft.ML.HLstm;

/// <summary>Computes the features of pictures, or finds them in a folder; see <see cref="ImageFeaturesEstimator"/>.</summary>
public sealed class ImageFeaturesTransformer : SequenceTransformerBase
{
    internal const string LoaderSignature = "HLstmImageFeatures";
    internal const string Expected = "Vector<Single> of known size";
    private const string InnerModel = "Featurizer";

    private readonly IRowToRowMapper _mapper;
    private readonly Lazy<FeatureCache?> _cache;

    private ImageFeaturesTransformer(IHost host, SequenceColumns columns, ITransformer featurizer, IRowToRowMapper mapper, string? cacheFolder, bool skipInvalidImages)
        : base(host, columns)
    {
        (Featurizer, _mapper, CacheFolder, SkipInvalidImages) = (featurizer, mapper, cacheFolder, skipInvalidImages);
        int count = ((VectorDataViewType)columns.Outputs[0].Type).Size;
        _cache = new(() => cacheFolder is null ? null : new FeatureCache(cacheFolder, TransformerFingerprint.Compute(featurizer, mapper.InputSchema), count));
    }

    /// <summary>The transformers from a path to the features.</summary>
    public ITransformer Featurizer { get; }

    /// <summary>The folder that features are kept in; null for none. It is no part of the model file.</summary>
    public string? CacheFolder { get; }

    /// <summary>True where images that cannot be used have NaN for features; false where they are an error.</summary>
    public bool SkipInvalidImages { get; }

    /// <summary>The same with another folder to keep features in, or none.</summary>
    /// <param name="folder">The folder, which is made when it does not exist; null for none.</param>
    /// <param name="skipInvalidImages">Whether images that cannot be used have NaN for features; null for what it is.</param>
    public ImageFeaturesTransformer WithCache(string? folder, bool? skipInvalidImages = null) =>
        new(Host, Columns, Featurizer, _mapper, folder, skipInvalidImages ?? SkipInvalidImages);

    private protected override VersionInfo Version => FormatVersion;

    // Format 1: column names, whether invalid images are skipped; the inner transformers are a model of their own.
    private static VersionInfo FormatVersion { get; } = MakeVersion(typeof(ImageFeaturesTransformer), "IMGFEATS", 1, 1, 1, LoaderSignature);

    internal static InputColumn PathColumn(string name) => new("image path", name, TextDataViewType.Instance);

    /// <summary>Binds inner transformers to the column of paths.</summary>
    internal static ImageFeaturesTransformer Make(IHost host, ITransformer featurizer, string path, string features, string? cacheFolder, bool skipInvalidImages)
    {
        if (!featurizer.IsRowToRowMapper)
            throw host.ExceptParam(nameof(featurizer), "The inner estimators do not map row to row, so the features of one image cannot be computed alone.");
        IRowToRowMapper mapper = featurizer.GetRowToRowMapper(PathRow.MakeSchema(path));
        DataViewSchema.Column column = mapper.OutputSchema.GetColumnOrNull(features) ?? throw host.ExceptSchemaMismatch(nameof(featurizer), "feature", features);
        if (column.Type is not VectorDataViewType { IsKnownSize: true, ItemType: NumberDataViewType { RawType: { } raw } } || raw != typeof(float))
            throw host.ExceptSchemaMismatch(nameof(featurizer), "feature", features, Expected, column.Type.ToString()!);
        var columns = new SequenceColumns([PathColumn(path)], [new OutputColumn(features, column.Type)]);
        return new ImageFeaturesTransformer(host, columns, featurizer, mapper, cacheFolder, skipInvalidImages);
    }

    internal override SequenceScorer CreateScorer() =>
        new ImageFeaturesRowScorer(Host, _mapper, Columns.Outputs[0].Name, _cache.Value, SkipInvalidImages);

    private protected override void WriteSettings(BinaryWriter writer) => writer.Write(SkipInvalidImages);

    private protected override void SaveStreams(ModelSaveContext ctx) => ctx.SaveModel(Featurizer, InnerModel);

    private static ImageFeaturesTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        IHost host = env.Register(LoaderSignature);
        string[] names = LoadColumnNames(ctx, FormatVersion, 2);
        bool skipInvalidImages = LoadChecked(ctx, reader => reader.ReadBoolean());
        ctx.LoadModel<ITransformer, SignatureLoadModel>(host, out ITransformer featurizer, InnerModel);
        return Checked(ctx, Make(host, featurizer, names[0], names[1], null, skipInvalidImages));
    }
}
