using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tests.Inference;

/// <summary>Small random networks that can be told apart by every one of their weights.</summary>
internal sealed class RandomWeights(int seed)
{
    private readonly Random _random = new(seed);

    public WeightMatrix Matrix(string name, int rows, int columns, double density = 1, double scale = 0.5)
    {
        float[] values = new float[rows * columns];
        for (int index = 0; index < values.Length; index++)
            values[index] = _random.NextDouble() < density ? Value(scale) : 0f;
        return new WeightMatrix(name, rows, columns, values);
    }

    public float[] Vector(int length, double scale = 0.5) => [.. Enumerable.Range(0, length).Select(_ => Value(scale))];

    public DenseLayer Layer(string name, int rows, int columns, double density = 1) =>
        new(Matrix(name, rows, columns, density), Vector(rows));

    /// <summary>A cell whose hidden layers have the widths [trunk][layer]; no trunks for an ordinary LSTM.</summary>
    public CellWeights Cell(string name, int input, int state, int[][] widths, double density = 1, GateActivation activation = GateActivation.Relu)
    {
        int rows = widths.Length == 0 ? 4 * state : widths.Sum(trunk => trunk[0]);
        return new CellWeights
        {
            InputSize = input,
            StateSize = state,
            Activation = activation,
            TrunkWidths = [.. widths.Select(trunk => trunk[0])],
            Input = Matrix(name + ".input", rows, input, density),
            Recurrent = Matrix(name + ".recurrent", rows, state, density),
            Bias = Vector(rows),
            Hidden = [.. widths.Select(trunk => Further(name, trunk, density))],
            Output = widths.Length == 0
                ? []
                : [.. Enumerable.Range(0, 4).Select(gate => Layer($"{name}.output.{gate}", state, widths[gate % widths.Length][^1], density))],
        };
    }

    public TranslationWeights Translation(
        bool bidirectional = true, bool inputFeeding = true, bool tied = false, int encoderLayers = 2, int decoderLayers = 2,
        int sourceVocabulary = 9, int targetVocabulary = 8, int embedding = 5, int state = 4, double density = 0.7)
    {
        int directions = bidirectional ? 2 : 1;
        int memory = state * directions;
        int attention = tied ? embedding : 6;
        int[][] widths = [[3], [4], [2], [5]];
        WeightMatrix target = Matrix("target", targetVocabulary, embedding);
        CellWeights[] Encoder(string name) => [.. Enumerable.Range(0, encoderLayers)
            .Select(layer => Cell($"{name}.{layer}", layer == 0 ? embedding : memory, state, widths, density))];
        int First() => embedding + (inputFeeding ? attention : 0);
        return new TranslationWeights
        {
            SourceEmbedding = Matrix("source", sourceVocabulary, embedding),
            TargetEmbedding = target,
            EncoderForward = Encoder("forward"),
            EncoderBackward = bidirectional ? Encoder("backward") : [],
            BridgeHidden = [.. Enumerable.Range(0, decoderLayers).Select(layer => Layer($"bridge.hidden.{layer}", state + 1, memory))],
            BridgeCell = [.. Enumerable.Range(0, decoderLayers).Select(layer => Layer($"bridge.cell.{layer}", state + 1, memory))],
            Decoder = [.. Enumerable.Range(0, decoderLayers)
                .Select(layer => Cell($"decoder.{layer}", layer == 0 ? First() : state + 1, state + 1, widths, density))],
            AttentionScore = Matrix("score", state + 1, memory),
            AttentionCombine = Layer("combine", attention, memory + state + 1),
            OutputProjection = new DenseLayer(
                tied ? target : Matrix("projection", targetVocabulary, attention, scale: 2), Vector(targetVocabulary)),
            InputFeeding = inputFeeding,
        };
    }

    /// <summary>A speech recogniser of 9 bins and 6 labels with two convolutions and layers of 4 units, of 5 backward where directions are not summed.</summary>
    public SpeechWeights Speech(
        bool bidirectional = true, bool sum = true, int layers = 2, int[][]? widths = null, double density = 0.7,
        (int Frames, int Bins) strides = default, int channels = 3)
    {
        widths ??= [[3], [4], [2], [5]];
        (int frames, int bins) = strides == default ? (2, 2) : strides;
        const int State = 4;
        int feature = (((9 - 1) / bins) + 1) * (channels + 1), backward = sum ? State : State + 1;
        int width = State + (bidirectional && !sum ? backward : 0);
        CellWeights[] Cells(string name, int state) =>
            [.. Enumerable.Range(0, layers).Select(layer => Cell($"{name}.{layer}", layer == 0 ? feature : width, state, widths, density, GateActivation.LeakyRelu))];
        return new SpeechWeights
        {
            FrameWidth = 9,
            Convolutions = [Convolution("convolution.0", 1, channels, 5, 3, frames, bins), Convolution("convolution.1", channels, channels + 1, 3, 5, 1, 1)],
            Forward = Cells("forward", State),
            Backward = bidirectional ? Cells("backward", backward) : [],
            SumDirections = sum,
            Normalizations = [.. Enumerable.Range(0, layers).Select(layer => Normalization($"normalization.{layer}", width))],
            Output = Layer("output", 6, width),
        };
    }

    public ConvolutionWeights Convolution(string name, int inputs, int outputs, int kernelFrames, int kernelBins, int strideFrames, int strideBins) => new()
    {
        Kernel = Matrix(name, outputs, inputs * kernelFrames * kernelBins),
        InputChannels = inputs,
        KernelFrames = kernelFrames,
        KernelBins = kernelBins,
        StrideFrames = strideFrames,
        StrideBins = strideBins,
        Normalization = Normalization(name + ".normalization", outputs),
    };

    /// <summary>Variances from 0.1 to 1.1; means of both signs.</summary>
    public Normalization Normalization(string name, int count) => new()
    {
        Name = name,
        Scale = [.. Vector(count).Select(value => 1 + value)],
        Shift = Vector(count),
        Mean = Vector(count),
        Variance = [.. Vector(count).Select(value => value + 0.6f)],
    };

    private DenseLayer[] Further(string name, int[] widths, double density) =>
        [.. Enumerable.Range(1, widths.Length - 1).Select(l => Layer($"{name}.hidden.{l}", widths[l], widths[l - 1], density))];

    private float Value(double scale)
    {
        float value = (float)((2 * _random.NextDouble() - 1) * scale);
        return value == 0f ? 0.1f : value;
    }
}
