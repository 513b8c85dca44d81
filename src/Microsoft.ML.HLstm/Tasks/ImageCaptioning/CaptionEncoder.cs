using System.Numerics.Tensors;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>
/// Projects the features of pictures, all regions side by side. Holds the result and its working memory, so each thread needs
/// its own.
/// </summary>
internal sealed class CaptionEncoder(PackedCaptioner network)
{
    private int[] _starts = new int[1];
    private float[] _features = [];
    private float[] _projected = [];
    private float[] _memory = [];
    private float[] _embedded = [];

    /// <summary>Pictures that were read last.</summary>
    public int Images { get; private set; }

    /// <summary>[<see cref="Images"/> + 1]: the first region of each picture.</summary>
    public ReadOnlySpan<int> Starts => _starts.AsSpan(0, Images + 1);

    /// <summary>[all regions, E].</summary>
    public float[] Memory => _memory;

    private int FeatureSize => network.FeatureProjection.InputSize;

    private int Width => network.FeatureProjection.OutputSize;

    /// <summary>[E]: the mean over a picture's regions, what the decoder reads first.</summary>
    public ReadOnlySpan<float> Embedded(int image) => _embedded.AsSpan(image * Width, Width);

    /// <summary>Reads pictures.</summary>
    /// <param name="images">Features of each: [F], or with attention [regions, F] of one region or more.</param>
    /// <exception cref="ArgumentException">A picture has another number of features.</exception>
    public void Encode(IReadOnlyList<ReadOnlyMemory<float>> images)
    {
        Images = images.Count;
        Lanes.Reserve(ref _starts!, Images + 1);
        _starts[0] = 0;
        for (int image = 0; image < Images; image++)
            _starts[image + 1] = _starts[image] + Regions(images, image);
        Lanes.Reserve(ref _memory!, (long)_starts[Images] * Width);
        Lanes.Reserve(ref _embedded!, (long)Images * Width);
        for (int first = 0, image = 0; first < _starts[Images]; first += Lanes.Most)
            Project(images, ref image, first, Math.Min(Lanes.Most, _starts[Images] - first));
        for (int image = 0; image < Images; image++)
            Average(image);
    }

    private int Regions(IReadOnlyList<ReadOnlyMemory<float>> images, int image)
    {
        int length = images[image].Length, regions = length / FeatureSize;
        return regions > 0 && regions * FeatureSize == length && (regions == 1 || network.HasAttention)
            ? regions
            : throw new ArgumentException($"Picture {image} has {length} features; {(network.HasAttention ? "a multiple of " : "")}{FeatureSize} are needed.", nameof(images));
    }

    private void Project(IReadOnlyList<ReadOnlyMemory<float>> images, ref int image, int first, int count)
    {
        int lanes = Lanes.For(count);
        Lanes.Reserve(ref _features!, (long)FeatureSize * lanes);
        Lanes.Reserve(ref _projected!, (long)Width * lanes);
        Span<float> features = _features.AsSpan(0, FeatureSize * lanes), projected = _projected.AsSpan(0, Width * lanes);
        for (int lane = 0; lane < count; lane++)
        {
            while (_starts[image + 1] <= first + lane)
                image++;
            Lanes.Put(images[image].Span.Slice((first + lane - _starts[image]) * FeatureSize, FeatureSize), features, lanes, lane);
        }

        network.FeatureProjection.Apply(features, projected, lanes);
        for (int lane = 0; lane < count; lane++)
            Lanes.Take(projected, lanes, lane, _memory.AsSpan((first + lane) * Width, Width));
    }

    private void Average(int image)
    {
        Span<float> mean = _embedded.AsSpan(image * Width, Width);
        mean.Clear();
        for (int region = _starts[image]; region < _starts[image + 1]; region++)
            TensorPrimitives.Add(mean, _memory.AsSpan(region * Width, Width), mean);
        TensorPrimitives.Divide(mean, _starts[image + 1] - _starts[image], mean);
    }
}
