using Microsoft.ML.Data;
using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm;

/// <summary>
/// Computes the features of pictures with any estimators that go from a path to a vector (load, resize, extract pixels, apply an
/// ONNX network), each picture once: features are kept in a folder, and later runs read them there.
/// </summary>
/// <remarks>
/// <para>Input column: the path of a file (text). Output column: vector of Single of known size, the features; it is the only column
/// of the inner estimators that comes out.</para>
/// <para>Features are found by what the inner transformers would save (another network, size or scaling has its own) and by the
/// content of the picture's file. A cached file that is damaged is computed again, with a warning in the log. The model file
/// has the inner transformers and not the folder: a loaded model computes, until <see cref="ImageFeaturesTransformer.WithCache"/>.</para>
/// <para>A picture whose file is missing, damaged or cut off throws <see cref="InvalidImageException"/> when its row is read (where ML.NET reads rows on several threads, as the inner exception), or has
/// NaN for all features where invalid images are skipped, and the log says how many did; the captioning trainers leave such rows out
/// with <see cref="ImageCaptioningOptions.SkipInvalidImages"/>.</para>
/// <para>Normalisation: none. Exportable to ONNX: no.</para>
/// </remarks>
public sealed class ImageFeaturesEstimator : IEstimator<ImageFeaturesTransformer>
{
    private readonly IHost _host;
    private readonly string _outputColumnName;
    private readonly string _pathColumnName;
    private readonly IEstimator<ITransformer> _featurizer;
    private readonly string? _cacheFolder;
    private readonly bool _skipInvalidImages;

    internal ImageFeaturesEstimator(IHostEnvironment environment, string outputColumnName, string pathColumnName,
        IEstimator<ITransformer> featurizer, string? cacheFolder, bool skipInvalidImages)
    {
        OptionChecks.NotEmpty(outputColumnName, nameof(outputColumnName));
        OptionChecks.NotEmpty(pathColumnName, nameof(pathColumnName));
        ArgumentNullException.ThrowIfNull(featurizer);
        if (cacheFolder is not null)
            OptionChecks.NotEmpty(cacheFolder, nameof(cacheFolder));
        _host = environment.Register(nameof(ImageFeaturesEstimator));
        (_outputColumnName, _pathColumnName, _featurizer) = (outputColumnName, pathColumnName, featurizer);
        (_cacheFolder, _skipInvalidImages) = (cacheFolder, skipInvalidImages);
    }

    /// <summary>Fits the inner estimators, which see the column of paths alone. Pictures are read later, row by row.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The column of paths is missing or not text, or the inner estimators give no column of that name, or not a vector of Single of known size.
    /// </exception>
    public ImageFeaturesTransformer Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        Path.Find(_host, input.Schema);
        IDataView paths = new MLContext().Transforms.SelectColumns(_pathColumnName).Fit(input).Transform(input);
        ITransformer inner = _featurizer.Fit(paths);
        return ImageFeaturesTransformer.Make(_host, inner, _pathColumnName, _outputColumnName, _cacheFolder, _skipInvalidImages);
    }

    /// <summary>The schema that the transformer will give.</summary>
    /// <exception cref="ArgumentOutOfRangeException">As for <see cref="Fit"/>.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        Path.Find(_host, inputSchema);
        SchemaShape inner = _featurizer.GetOutputSchema(new SchemaShape(inputSchema.Where(column => column.Name == _pathColumnName)));
        if (!inner.TryFindColumn(_outputColumnName, out SchemaShape.Column features))
            throw _host.ExceptSchemaMismatch(nameof(inputSchema), "feature", _outputColumnName);
        if (features.Kind != SchemaShape.Column.VectorKind.Vector || features.ItemType != NumberDataViewType.Single)
            throw _host.ExceptSchemaMismatch(nameof(inputSchema), "feature", features.Name, ImageFeaturesTransformer.Expected, features.GetTypeString());
        Dictionary<string, SchemaShape.Column> columns = inputSchema.ToDictionary(column => column.Name);
        columns[_outputColumnName] = new SchemaShape.Column(features.Name, features.Kind, features.ItemType, isKey: false);
        return new SchemaShape(columns.Values);
    }

    private InputColumn Path => ImageFeaturesTransformer.PathColumn(_pathColumnName);
}
