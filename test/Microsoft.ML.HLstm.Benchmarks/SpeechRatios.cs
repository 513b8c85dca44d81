using System.Globalization;
using Microsoft.ML.HLstm.Benchmarks.Scoring;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Tasks.SpeechRecognition;
using Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>
/// From the frames of ten seconds of speech to the log-probabilities of labels: networks of the default shape with made-up
/// weights, against the same network in TorchSharp, and how many seconds of speech a second is enough for.
/// </summary>
internal static class SpeechRatios
{
    private const int Seconds = 10, FramesOfSecond = 100, Bins = 80, Labels = 29, State = 256, Layers = 3, Utterances = 8;

    public static void Run(TextWriter output, int threads)
    {
        set_num_threads(threads);
        Compare(output, threads, "LSTM", cells => input => cells.Lstm(input, State));
        foreach (double density in new[] { 1, 0.05 })
            Compare(output, threads, $"H-LSTM, {100 * (1 - density):F0} % sparse", cells => input => RandomCells.Ordered(cells.HLstm(input, State, MaskPattern.Unstructured, density, State), sequences: true));
        foreach (MaskPattern pattern in new[] { MaskPattern.Balanced, MaskPattern.Blocks })
            Compare(output, threads, $"H-LSTM, {Masks.Describe(pattern, 1.0 / 16)}", cells => input => cells.HLstm(input, State, pattern, 1.0 / 16, State));
    }

    private static void Compare(TextWriter output, int threads, string name, Func<RandomCells, Func<int, CellWeights>> cell)
    {
        var random = new RandomCells(1);
        SpeechWeights weights = Network(random, cell(random));
        float[] frames = random.Bias(Seconds * FramesOfSecond * Bins);
        var scorer = new SpeechScorer(new PackedSpeech(weights), threads);
        var convolutions = new ConvolutionStack([.. weights.Convolutions.Select(layer => new PackedConvolution(layer))], Bins, threads);
        float[] features = new float[convolutions.FeatureSize * convolutions.Steps(frames.Length / Bins)];
        ReadOnlyMemory<float>[] several = [.. Enumerable.Repeat(frames.AsMemory(), Utterances)];
        using var library = new TorchSpeech(weights, gradients: false);
        ContestResult result = new Contest($"{name}, {Seconds} s of speech, {threads} thread(s)", turns: 15, warmup: 8)
            .Add("TorchSharp", () => library.LogProbabilities(frames))
            .Add("SpeechScorer", () => scorer.LogProbabilities(frames))
            .Add("of which convolutions", () => convolutions.Run(frames, features))
            .Add($"SpeechScorer, {Utterances} utterances side by side", () => scorer.LogProbabilitiesAll(several))
            .Measure();
        ContestTable.Write(output, result);
        double Speed(int row, int utterances) => utterances * Seconds * 1000 / result.Rows[row].MedianMilliseconds;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  seconds of speech a second: TorchSharp {Speed(0, 1):F0}, SpeechScorer {Speed(1, 1):F0}, side by side {Speed(3, Utterances):F0}; {weights.RecurrentParametersActive} of {weights.RecurrentParametersDense} recurrent connections"));
        output.WriteLine();
    }

    private static SpeechWeights Network(RandomCells random, Func<int, CellWeights> cell)
    {
        ConvolutionWeights[] convolutions = [Convolution(random, "convolution.0", 1, 11), Convolution(random, "convolution.1", 16, 7)];
        int[] widths = [Bins / 4 * 16, .. Enumerable.Repeat(State, Layers - 1)];
        return new SpeechWeights
        {
            FrameWidth = Bins,
            Convolutions = convolutions,
            Forward = [.. widths.Select(cell)],
            Backward = [.. widths.Select(cell)],
            SumDirections = true,
            Normalizations = [.. widths.Select((_, layer) => Normalization(random, $"normalization.{layer}", State))],
            Output = new DenseLayer(Dense(random, "output", Labels, State), random.Bias(Labels)),
        };
    }

    private static ConvolutionWeights Convolution(RandomCells random, string name, int inputs, int bins)
    {
        const int Channels = 16, Frames = 11, Stride = 2;
        return new ConvolutionWeights
        {
            Kernel = Dense(random, name, Channels, inputs * Frames * bins),
            InputChannels = inputs,
            KernelFrames = Frames,
            KernelBins = bins,
            StrideFrames = Stride,
            StrideBins = Stride,
            Normalization = Normalization(random, name, Channels),
        };
    }

    private static Normalization Normalization(RandomCells random, string name, int count) => new()
    {
        Name = name,
        Scale = [.. random.Bias(count).Select(value => 1 + value)],
        Shift = random.Bias(count),
        Mean = random.Bias(count),
        Variance = [.. random.Bias(count).Select(value => 1 + value)],
    };

    private static WeightMatrix Dense(RandomCells random, string name, int rows, int columns) =>
        random.Matrix(name, rows, columns, [.. Enumerable.Repeat(true, rows * columns)]);
}
