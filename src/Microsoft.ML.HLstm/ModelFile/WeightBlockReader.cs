using System.Buffers.Binary;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>
/// Reads what <see cref="WeightBlockWriter"/> wrote. Every count is compared with the bytes that are left before anything is
/// allocated for it.
/// </summary>
internal sealed class WeightBlockReader(BoundedReader reader, WeightPrecision precision)
{
    private const int LeastLayerBytes = 15;
    private const int LeastCellBytes = 40;
    private const int LeastNormalizationBytes = 18;
    private const int LeastConvolutionBytes = 49;
    private readonly MatrixReader _matrices = new(reader, precision);

    /// <summary>Reads a yes or no.</summary>
    public bool Flag(string what) => reader.Flag(what);

    /// <summary>Reads a number of 0 or more.</summary>
    public int Size(string what) => reader.Size(what);

    /// <summary>Reads a vector of float32.</summary>
    public float[] Vector(string what)
    {
        float[] values = new float[reader.Count($"The length of {what}", sizeof(float))];
        ReadOnlySpan<byte> bytes = reader.Take((long)values.Length * sizeof(float), what);
        for (int index = 0; index < values.Length; index++)
        {
            values[index] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(index * sizeof(float))..]);
            if (!float.IsFinite(values[index]))
                reader.Fail($"{what} has the value {values[index]}; only finite numbers are allowed");
        }

        return values;
    }

    /// <summary>Reads a matrix.</summary>
    public WeightMatrix Matrix() => _matrices.Read();

    /// <summary>Reads a matrix and its bias.</summary>
    public DenseLayer Layer()
    {
        WeightMatrix weight = Matrix();
        return new DenseLayer(weight, Vector($"the bias of matrix '{weight.Name}'"));
    }

    /// <summary>Reads layers.</summary>
    public DenseLayer[] Layers(string what)
    {
        var layers = new DenseLayer[reader.Count($"The number of {what}", LeastLayerBytes)];
        for (int index = 0; index < layers.Length; index++)
            layers[index] = Layer();
        return layers;
    }

    /// <summary>Reads a cell. Its shapes are not yet checked against each other.</summary>
    public CellWeights Cell()
    {
        int inputSize = reader.Size("The input size of a cell");
        int stateSize = reader.Size("The state size of a cell");
        var activation = (GateActivation)reader.Byte("The activation of a cell");
        int trunks = reader.Byte("The number of trunks of a cell");
        if (trunks is not (0 or 1 or CellWeights.Gates))
            reader.Fail($"The number of trunks of a cell is {trunks}; 0, 1 and 4 are allowed");
        int[] widths = new int[trunks];
        for (int trunk = 0; trunk < trunks; trunk++)
            widths[trunk] = reader.Size("The width of a trunk");
        WeightMatrix input = Matrix();
        WeightMatrix recurrent = Matrix();
        float[] bias = Vector($"the bias of matrix '{input.Name}'");
        var hidden = new DenseLayer[trunks][];
        for (int trunk = 0; trunk < trunks; trunk++)
            hidden[trunk] = Layers("hidden layers of a trunk");
        return new CellWeights
        {
            InputSize = inputSize,
            StateSize = stateSize,
            Activation = activation,
            TrunkWidths = widths,
            Input = input,
            Recurrent = recurrent,
            Bias = bias,
            Hidden = hidden,
            Output = Layers("gate outputs of a cell"),
        };
    }

    /// <summary>Reads cells.</summary>
    public CellWeights[] Cells(string what)
    {
        var cells = new CellWeights[reader.Count($"The number of {what}", LeastCellBytes)];
        for (int index = 0; index < cells.Length; index++)
            cells[index] = Cell();
        return cells;
    }

    /// <summary>Reads convolutions. Their shapes are not yet checked against each other.</summary>
    public ConvolutionWeights[] Convolutions()
    {
        var layers = new ConvolutionWeights[reader.Count("The number of convolutions", LeastConvolutionBytes)];
        for (int index = 0; index < layers.Length; index++)
        {
            layers[index] = new ConvolutionWeights
            {
                InputChannels = Size("The number of input channels of a convolution"),
                KernelFrames = Size("The extent of a kernel in frames"),
                KernelBins = Size("The extent of a kernel in bins"),
                StrideFrames = Size("The stride of a convolution in frames"),
                StrideBins = Size("The stride of a convolution in bins"),
                Kernel = Matrix(),
                Normalization = Normalization(),
            };
        }

        return layers;
    }

    /// <summary>Reads normalisations.</summary>
    public Normalization[] Normalizations(string what)
    {
        var normalizations = new Normalization[reader.Count($"The number of {what}", LeastNormalizationBytes)];
        for (int index = 0; index < normalizations.Length; index++)
            normalizations[index] = Normalization();
        return normalizations;
    }

    private Normalization Normalization()
    {
        string name = reader.Name("The name of a normalization");
        return new Normalization
        {
            Name = name,
            Scale = Vector($"the scale of normalization '{name}'"),
            Shift = Vector($"the shift of normalization '{name}'"),
            Mean = Vector($"the mean of normalization '{name}'"),
            Variance = Vector($"the variance of normalization '{name}'"),
        };
    }
}
