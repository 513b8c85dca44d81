namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// Convolutions over one utterance after the other; threads share the bins of a layer. Holds working memory, so each scorer
/// needs its own; the layers are shared.
/// </summary>
internal sealed class ConvolutionStack
{
    private readonly PackedConvolution[] _layers;
    private readonly int _frameWidth;
    private readonly int[][] _offsets;
    private readonly Action<int> _bin;
    private readonly ParallelOptions _parallel;
    private float[]? _input, _output;
    private int _layer, _bins, _frames;

    /// <summary>Makes room for layers that read frames of <paramref name="frameWidth"/> numbers.</summary>
    public ConvolutionStack(PackedConvolution[] layers, int frameWidth, int threads)
    {
        (_layers, _frameWidth) = (layers, frameWidth);
        _offsets = [.. layers.Select(layer => new int[layer.Connections])];
        _bin = Bin;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
        FeatureSize = layers[^1].Channels * layers.Aggregate(frameWidth, (bins, layer) => layer.Bins(bins));
    }

    /// <summary>Width of what comes out for each step.</summary>
    public int FeatureSize { get; }

    /// <summary>Steps that come out of so many frames.</summary>
    public int Steps(int frames) => _layers.Aggregate(frames, (steps, layer) => layer.Steps(steps));

    /// <summary>Runs all layers.</summary>
    /// <param name="frames">[frames, frame width]; at least one.</param>
    /// <param name="features">[steps, <see cref="FeatureSize"/>]: of each step channel by channel its bins.</param>
    public void Run(ReadOnlySpan<float> frames, Span<float> features)
    {
        (_bins, _frames) = (_frameWidth, frames.Length / _frameWidth);
        ReadOnlySpan<float> from = frames;
        int binStride = 1, frameStride = _frameWidth;
        for (_layer = 0; _layer < _layers.Length; _layer++)
        {
            PackedConvolution layer = _layers[_layer];
            int bins = layer.Bins(_bins), stride = layer.OutputStride(_frames);
            Lanes.Reserve(ref _input, layer.InputLength(_bins, _frames));
            layer.Spread(from, binStride, frameStride, _bins, _frames, _input);
            layer.Offsets(_bins, _frames, _offsets[_layer]);
            Lanes.Reserve(ref _output, (long)layer.Channels * bins * stride);
            RunLayer(bins);
            (_bins, _frames) = (bins, layer.Steps(_frames));
            from = _output;
            (binStride, frameStride) = (stride, 1);
        }

        Lanes.TakeAll(_output.AsSpan(0, FeatureSize * binStride), binStride, features, FeatureSize, _frames, FeatureSize);
    }

    private void RunLayer(int bins)
    {
        if (_parallel.MaxDegreeOfParallelism > 1)
        {
            Parallel.For(0, bins, _parallel, _bin);
            return;
        }

        for (int bin = 0; bin < bins; bin++)
            Bin(bin);
    }

    private void Bin(int bin) => _layers[_layer].Run(_input!, _offsets[_layer], _bins, _frames, bin, _output!);
}
