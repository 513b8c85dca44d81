using Microsoft.ML.Data;
using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.Featurizers.Images;

/// <summary>Finds or computes the features of one picture after the other.</summary>
internal sealed class ImageFeaturesRowScorer : SequenceScorer
{
    private readonly IHost _host;
    private readonly FeatureCache? _cache;
    private readonly bool _skipInvalid;
    private readonly PathRow _path;
    private readonly DataViewRow _row;
    private readonly ValueGetter<VBuffer<float>> _getter;
    private readonly float[] _features;
    private VBuffer<float> _computed;
    private string? _last;
    private string? _firstSkipped;
    private int _skipped;

    public ImageFeaturesRowScorer(IHost host, IRowToRowMapper featurizer, string featuresName, FeatureCache? cache, bool skipInvalid)
    {
        (_host, _cache, _skipInvalid) = (host, cache, skipInvalid);
        DataViewSchema.Column column = featurizer.OutputSchema[featuresName];
        _path = new PathRow(featurizer.InputSchema);
        _row = featurizer.GetRow(_path, [column]);
        _getter = _row.GetGetter<VBuffer<float>>(column);
        _features = new float[((VectorDataViewType)column.Type).Size];
    }

    /// <inheritdoc/>
    public override void Score(ScorerInputs inputs, ScorerOutputs outputs)
    {
        string path = inputs.Text(0).ToString();
        // Pictures with several captions often stand in rows one after the other.
        if (path != _last)
        {
            _last = null;
            Load(path);
            _last = path;
        }

        outputs.SetSingles(0, _features);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _row.Dispose();
        if (_skipped > 0)
        {
            using IChannel log = _host.Start("Images");
            log.Warning($"{_skipped} images cannot be used and have NaN for features; the first: {_firstSkipped}");
        }
    }

    private void Load(string path)
    {
        try
        {
            byte[] file = ReadFile(path);
            string key = _cache is null ? "" : FeatureCache.KeyOf(file);
            if (IsCached(key))
                return;
            Compute(path, file);
            _cache?.Write(key, _features);
        }
        catch (InvalidImageException exception) when (_skipInvalid)
        {
            _firstSkipped ??= exception.Message;
            _skipped++;
            _features.AsSpan().Fill(float.NaN);
        }
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            return path.Length > 0 ? File.ReadAllBytes(path) : throw new InvalidImageException(path, "the path is empty");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidImageException(path, "the file does not exist", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InvalidImageException(path, exception.Message, exception);
        }
    }

    private bool IsCached(string key)
    {
        try
        {
            return _cache is not null && _cache.TryRead(key, _features);
        }
        catch (InvalidDataException exception)
        {
            using IChannel log = _host.Start("Images");
            log.Warning($"{exception.Message} It is computed again.");
            return false;
        }
    }

    private void Compute(string path, byte[] file)
    {
        if (ImageFileCheck.WrongWith(file) is { } wrong)
            throw new InvalidImageException(path, wrong);
        try
        {
            _path.Set(path);
            _getter(ref _computed);
        }
        // Decoders and networks throw whatever the first part that stumbles throws.
        catch (Exception exception) when (exception is not (OutOfMemoryException or OperationCanceledException or DllNotFoundException or TypeInitializationException or TypeLoadException or MissingMemberException))
        {
            throw new InvalidImageException(path, exception.Message, exception);
        }

        if (_computed.Length != _features.Length)
            throw new InvalidImageException(path, $"it has {_computed.Length} features, where {_features.Length} are expected");
        _computed.CopyTo(_features);
        if (!Array.TrueForAll(_features, float.IsFinite))
            throw new InvalidImageException(path, "its features are not all finite numbers");
    }
}
