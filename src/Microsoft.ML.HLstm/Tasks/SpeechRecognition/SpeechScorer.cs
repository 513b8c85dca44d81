using System.Numerics.Tensors;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>
/// From frames to the log-probabilities of labels with managed code only. Holds working memory, so each thread needs its own;
/// the network is shared.
/// </summary>
internal sealed class SpeechScorer
{
    private readonly PackedSpeech _network;
    private readonly ConvolutionStack _convolutions;
    private readonly RecurrentLayers _layers;
    private readonly VectorBlocks _blocks = new();
    private readonly int _widest;
    private int[] _starts = [];
    private float[] _inputs = [], _outputs = [], _scores = [];

    /// <summary>Makes a scorer on a network that others may share, which runs on so many threads at most.</summary>
    public SpeechScorer(PackedSpeech network, int threads = 1)
    {
        _network = network;
        _convolutions = new ConvolutionStack(network.Convolutions, network.Weights.FrameWidth, threads);
        _layers = new RecurrentLayers(network.Forward, network.Backward, threads);
        _widest = Math.Max(_convolutions.FeatureSize, Enumerable.Range(0, _layers.Count).Max(_layers.Width));
    }

    /// <summary>Labels, the blank among them.</summary>
    public int Labels => _network.Output.OutputSize;

    /// <summary>Steps that so many frames give.</summary>
    public int Steps(int frames) => _convolutions.Steps(frames);

    /// <summary>The log-probabilities of one utterance.</summary>
    /// <param name="frames">[frames, frame width]; may be empty.</param>
    /// <returns>[steps, labels] natural logarithms, there until the next call.</returns>
    /// <exception cref="ArgumentException">There is a part of a frame at the end.</exception>
    public ReadOnlySpan<float> LogProbabilities(ReadOnlySpan<float> frames)
    {
        Begin(1);
        Plan(0, frames.Length, nameof(frames));
        Reserve(_starts[1]);
        Convolve(0, frames);
        Run(1);
        return _scores.AsSpan(0, _starts[1] * Labels);
    }

    /// <summary>The log-probabilities of several utterances, side by side where that is faster: where they are about as long as their neighbours.</summary>
    /// <param name="utterances">Each [frames, frame width].</param>
    /// <returns>For each utterance what <see cref="LogProbabilities"/> returns, but for the rounding of sums.</returns>
    /// <exception cref="ArgumentException">There is a part of a frame at the end of one.</exception>
    public float[][] LogProbabilitiesAll(IReadOnlyList<ReadOnlyMemory<float>> utterances)
    {
        Begin(utterances.Count);
        for (int i = 0; i < utterances.Count; i++)
            Plan(i, utterances[i].Length, nameof(utterances));
        Reserve(_starts[utterances.Count]);
        for (int i = 0; i < utterances.Count; i++)
            Convolve(i, utterances[i].Span);
        Run(utterances.Count);
        var results = new float[utterances.Count][];
        for (int i = 0; i < results.Length; i++)
            results[i] = _scores[(_starts[i] * Labels)..(_starts[i + 1] * Labels)];
        return results;
    }

    private void Begin(int utterances)
    {
        Lanes.Reserve(ref _starts!, utterances + 1);
        _starts[0] = 0;
    }

    private void Plan(int utterance, int numbers, string parameter)
    {
        int width = _network.Weights.FrameWidth;
        if (numbers % width != 0)
            throw new ArgumentException($"Utterance {utterance} has {numbers} numbers; a multiple of the frame width {width} is needed.", parameter);
        _starts[utterance + 1] = checked(_starts[utterance] + Steps(numbers / width));
    }

    private void Reserve(int positions)
    {
        Lanes.Reserve(ref _inputs!, (long)positions * _widest);
        Lanes.Reserve(ref _outputs!, (long)positions * _widest);
        Lanes.Reserve(ref _scores!, (long)positions * Labels);
    }

    private void Convolve(int utterance, ReadOnlySpan<float> frames)
    {
        int size = _convolutions.FeatureSize, start = _starts[utterance], steps = _starts[utterance + 1] - start;
        if (steps > 0)
            _convolutions.Run(frames, _inputs.AsSpan(start * size, steps * size));
    }

    private void Run(int utterances)
    {
        int positions = _starts[utterances];
        for (int layer = 0; layer < _layers.Count; layer++)
        {
            _layers.Run(layer, new RecurrentSequences(_starts, utterances, _inputs, _outputs, _layers.Width(layer)));
            Normalize(layer, positions);
        }

        _blocks.Apply(_network.Output, _inputs, _scores, Labels, positions);
        Span<float> normalizer = stackalloc float[1];
        for (int position = 0; position < positions; position++)
        {
            Span<float> scores = _scores.AsSpan(position * Labels, Labels);
            LogSoftmax.Normalizers(scores, 1, normalizer);
            TensorPrimitives.Subtract(scores, normalizer[0], scores);
        }
    }

    /// <summary>From a layer's outputs to the inputs of the next.</summary>
    private void Normalize(int layer, int positions)
    {
        int from = _layers.Width(layer), to = _network.Weights.LayerWidth(layer);
        for (int position = 0; position < positions; position++)
        {
            ReadOnlySpan<float> outputs = _outputs.AsSpan(position * from, from);
            Span<float> next = _inputs.AsSpan(position * to, to);
            // Without a sum the widths are the same.
            if (from != to)
                TensorPrimitives.Add(outputs[..to], outputs[to..], next);
            else
                outputs.CopyTo(next);
            _network.Normalizations[layer].Apply(next, next);
        }
    }
}
