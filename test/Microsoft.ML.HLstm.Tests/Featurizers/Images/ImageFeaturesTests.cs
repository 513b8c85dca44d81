using Microsoft.ML.Data;
using Microsoft.ML.HLstm.Tests.TestSupport;
using Samples;

namespace Microsoft.ML.HLstm.Tests.Featurizers.Images;

[TestClass]
public sealed class ImageFeaturesTests : IDisposable
{
    private readonly MLContext _mlContext = new(1);
    private readonly TempFolder _folder = new();
    private readonly List<string> _log = [];
    private readonly string _red, _blue;

    public ImageFeaturesTests()
    {
        _mlContext.Log += (_, message) =>
        {
            if (message.Kind == Runtime.ChannelMessageKind.Warning)
                _log.Add(message.Message);
        };
        _red = TestImage.Write(_folder.PathOf("red.png"), 255, 51, 0);
        _blue = TestImage.Write(_folder.PathOf("blue.jpg"), 0, 0, 255);
        TinyCnn.Write(_folder.PathOf("cnn.onnx"), 8);
    }

    private string Cache => _folder.PathOf("cache");

    private string[] CachedFiles => Directory.Exists(Cache) ? [.. Directory.EnumerateFiles(Cache, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)] : [];

    [TestMethod]
    public void Estimator_and_transformer_keep_ML_NETs_contract()
    {
        IDataView wrong = _mlContext.Data.LoadFromEnumerable(new[] { new { ImagePath = 1f } });
        EstimatorContract.Check(_mlContext, Estimator(), Paths(_red, _blue, _red), wrong);
    }

    [TestMethod]
    public void Features_are_the_inner_networks_own()
    {
        float[][] features = Features(Estimator().Fit(Paths(_red)), _red, _blue);
        Near([1, 0.2f, 0], features[0], 1e-3f);
        Near([0, 0, 1], features[1], 0.02f);
    }

    [TestMethod]
    public void A_second_run_reads_features_from_the_folder()
    {
        float[][] first = Features(Estimator(Cache).Fit(Paths(_red)), _red, _blue);
        Assert.HasCount(2, CachedFiles);
        // What is in the folder is taken: another picture's features in place of the first one's show it.
        string[] files = CachedFiles;
        byte[] one = File.ReadAllBytes(files[0]), other = File.ReadAllBytes(files[1]);
        File.WriteAllBytes(files[0], other);
        File.WriteAllBytes(files[1], one);
        float[][] second = Features(Estimator(Cache).Fit(Paths(_red)), _red, _blue);
        CollectionAssert.AreEqual(first[0], second[1]);
        CollectionAssert.AreEqual(first[1], second[0]);
        Assert.IsEmpty(_log);
    }

    [TestMethod]
    public void Another_network_size_or_scaling_has_features_of_its_own()
    {
        string maximum = TinyCnn.Write(_folder.PathOf("max.onnx"), 8, maximum: true);
        string larger = TinyCnn.Write(_folder.PathOf("larger.onnx"), 12);
        _ = Features(Estimator(Cache).Fit(Paths(_red)), _red);
        _ = Features(Estimator(Cache, network: maximum).Fit(Paths(_red)), _red);
        _ = Features(Estimator(Cache, network: larger, size: 12).Fit(Paths(_red)), _red);
        Near([255, 51, 0], Features(Estimator(Cache, scale: 1).Fit(Paths(_red)), _red)[0], 1e-2f);
        Assert.HasCount(4, CachedFiles);
        _ = Features(Estimator(Cache).Fit(Paths(_red)), _red);
        Assert.HasCount(4, CachedFiles);
    }

    [TestMethod]
    public void A_changed_picture_is_noticed_and_a_moved_one_is_known()
    {
        _ = Features(Estimator(Cache).Fit(Paths(_red)), _red);
        string moved = _folder.PathOf("moved.png");
        File.Copy(_red, moved);
        _ = Features(Estimator(Cache).Fit(Paths(_red)), moved);
        Assert.HasCount(1, CachedFiles);
        TestImage.Write(_red, 0, 255, 0);
        Near([0, 1, 0], Features(Estimator(Cache).Fit(Paths(_red)), _red)[0], 1e-3f);
        Assert.HasCount(2, CachedFiles);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(20)]
    [DataRow(-1)]
    public void Damaged_cache_files_are_computed_again_with_a_warning(int damage)
    {
        float[] first = Features(Estimator(Cache).Fit(Paths(_red)), _red)[0];
        string file = CachedFiles.Single();
        byte[] whole = File.ReadAllBytes(file);
        byte[] damaged = damage < 0 ? whole[..^1] : [.. whole];
        if (damage >= 0)
            damaged[damage] ^= 1;
        File.WriteAllBytes(file, damaged);
        CollectionAssert.AreEqual(first, Features(Estimator(Cache).Fit(Paths(_red)), _red)[0]);
        Assert.Contains($"{file} is damaged", _log.Single());
        CollectionAssert.AreEqual(whole, File.ReadAllBytes(CachedFiles.Single()));
    }

    [TestMethod]
    public void A_loaded_model_has_the_network_and_no_folder()
    {
        ImageFeaturesTransformer model = Estimator(Cache).Fit(Paths(_red));
        float[] expected = Features(model, _red)[0];
        string zip = _folder.PathOf("model.zip");
        _mlContext.Model.Save(model, Paths(_red).Schema, zip);
        File.Delete(_folder.PathOf("cnn.onnx"));
        Directory.Delete(Cache, recursive: true);
        var loaded = (ImageFeaturesTransformer)new MLContext().Model.Load(zip, out _);
        CollectionAssert.AreEqual(expected, Features(loaded, _red)[0]);
        Assert.IsNull(loaded.CacheFolder);
        Assert.IsEmpty(CachedFiles);
        CollectionAssert.AreEqual(expected, Features(loaded.WithCache(Cache), _red)[0]);
        Assert.HasCount(1, CachedFiles);
    }

    [TestMethod]
    public void Images_that_cannot_be_used_are_errors_that_name_them()
    {
        ImageFeaturesTransformer model = Estimator().Fit(Paths(_red));
        foreach ((string path, string wrong) in InvalidImages())
        {
            // Threads that read rows ahead wrap what they meet.
            Exception thrown = Assert.Throws<InvalidOperationException>(() => Features(model, _red, path));
            var exception = (InvalidImageException)(thrown as InvalidImageException ?? thrown.InnerException!);
            Assert.Contains($"The image '{path}' cannot be used: ", exception.Message);
            Assert.Contains(wrong, exception.Message);
            Assert.AreEqual(path, exception.Path);
        }
    }

    [TestMethod]
    public void What_comes_after_a_picture_does_not_matter()
    {
        string film = _folder.PathOf("film.jpg");
        File.WriteAllBytes(film, [.. File.ReadAllBytes(_blue), 1, 2, 0xFF, 0xDA, 3]);
        ImageFeaturesTransformer model = Estimator().Fit(Paths(_red));

        CollectionAssert.AreEqual(Features(model, _blue)[0], Features(model, film)[0]);
    }

    [TestMethod]
    public void Images_that_cannot_be_used_are_counted_where_they_are_skipped()
    {
        string[] invalid = [.. InvalidImages().Select(image => image.Path)];
        float[][] features = Features(Estimator(Cache, skip: true).Fit(Paths(_red)), [_red, .. invalid, _blue]);
        Near([1, 0.2f, 0], features[0], 1e-3f);
        Assert.IsTrue(features[1..^1].All(values => values.Length == 3 && values.All(float.IsNaN)));
        Near([0, 0, 1], features[^1], 0.02f);
        Assert.HasCount(2, CachedFiles);
        Assert.Contains($"{invalid.Length} images cannot be used", _log.Single());
        Assert.Contains(invalid[0], _log.Single());
    }

    [TestMethod]
    public void Wrong_names_and_networks_are_refused()
    {
        Assert.Contains("Other", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Estimator(output: "Other").Fit(Paths(_red))).Message);
        Assert.Contains("ImagePath", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Estimator(output: "ImagePath").Fit(Paths(_red))).Message);
        Assert.ThrowsExactly<ArgumentException>(() => Estimator(cache: ""));
    }

    public void Dispose() => _folder.Dispose();

    private List<(string Path, string Wrong)> InvalidImages()
    {
        string cutJpeg = _folder.PathOf("cut.jpg"), cutPng = _folder.PathOf("cut.png");
        byte[] jpeg = File.ReadAllBytes(TestImage.Write(_folder.PathOf("whole.jpg"), 10, 200, 30, 64));
        // A preview in the first segment ends before the picture does.
        byte[] preview = [0xFF, 0xE1, 0, 6, 0xFF, 0xDA, 0xFF, 0xD9];
        File.WriteAllBytes(cutJpeg, [.. jpeg[..2], .. preview, .. jpeg[2..^20]]);
        File.WriteAllBytes(cutPng, File.ReadAllBytes(_red)[..^10]);
        return
        [
            (_folder.PathOf("missing.jpg"), "does not exist"),
            (_folder.Write("empty.jpg", ""), "it is empty"),
            (_folder.Write("text.jpg", "This is no picture."), ""),
            (cutJpeg, "a JPEG that is cut off"),
            (cutPng, "a PNG that is cut off"),
            ("", "the path is empty"),
        ];
    }

    private ImageFeaturesEstimator Estimator(string? cache = null, bool skip = false, string? network = null, int size = 8, float scale = 1f / 255, string output = "features") =>
        _mlContext.Transforms.ExtractImageFeatures(output, "ImagePath", _mlContext.Transforms.LoadImages("Image", null, "ImagePath")
            .Append(_mlContext.Transforms.ResizeImages("Image", size, size))
            .Append(_mlContext.Transforms.ExtractPixels("image", "Image", scaleImage: scale))
            .Append(_mlContext.Transforms.ApplyOnnxModel("features", "image", network ?? _folder.PathOf("cnn.onnx"))), cache, skip);

    private IDataView Paths(params string[] paths) => _mlContext.Data.LoadFromEnumerable(paths.Select(path => new Picture { ImagePath = path }));

    private float[][] Features(ImageFeaturesTransformer model, params string[] paths) => [.. model.Transform(Paths(paths)).GetColumn<float[]>("features")];

    private static void Near(float[] expected, float[] actual, float tolerance)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], tolerance);
    }

    private sealed class Picture
    {
        public string ImagePath { get; set; } = "";
    }
}
