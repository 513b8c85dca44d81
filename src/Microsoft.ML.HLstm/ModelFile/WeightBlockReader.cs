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
    private readonly MatrixReader _matrices = new(reader, precision);

    /// <summary>Reads a yes or no.</summary>
    public bool Flag(string what) => reader.Flag(what);

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
}
