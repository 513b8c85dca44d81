using System.Buffers.Binary;
using System.Numerics;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>
/// Reads what <see cref="WeightBlockWriter"/> wrote. Every count is compared with the bytes that are left before anything is
/// allocated for it, and a matrix may not ask for more than <see cref="WeightFileFormat.MaximumPositionsPerByte"/> positions
/// for each byte of its own.
/// </summary>
internal sealed class WeightBlockReader(BoundedReader reader, WeightPrecision precision)
{
    private const int LeastLayerBytes = 15;
    private const int LeastCellBytes = 40;

    /// <summary>Reads a yes or no.</summary>
    public bool Flag(string what) => reader.Flag(what);

    /// <summary>Reads a vector of float32.</summary>
    public float[] Vector(string what)
    {
        float[] values = new float[reader.Count($"The length of {what}", sizeof(float))];
        ReadOnlySpan<byte> bytes = reader.Take((long)values.Length * sizeof(float), what);
        for (int index = 0; index < values.Length; index++)
            values[index] = Finite(BinaryPrimitives.ReadSingleLittleEndian(bytes[(index * sizeof(float))..]), what);
        return values;
    }

    /// <summary>Reads a matrix.</summary>
    public WeightMatrix Matrix()
    {
        string name = reader.Name("The name of a matrix");
        int rows = reader.Size($"The number of rows of matrix '{name}'");
        int columns = reader.Size($"The number of columns of matrix '{name}'");
        byte encoding = reader.Byte($"The encoding of matrix '{name}'");
        long positions = (long)rows * columns;
        float[] values = (MatrixEncoding)encoding switch
        {
            MatrixEncoding.Dense => Dense(name, positions),
            MatrixEncoding.Bitmap => Bitmap(name, positions),
            MatrixEncoding.Gaps => Gaps(name, positions),
            _ => Unknown(name, encoding),
        };
        return new WeightMatrix(name, rows, columns, values);
    }

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

    private float[] Dense(string name, long positions)
    {
        // Checked by division: rows * columns * 4 can exceed 64 bits.
        int size = WeightFileFormat.SizeOf(precision);
        if (positions > reader.Remaining / size)
            reader.Fail($"Matrix '{name}' has {positions} values; the {reader.Remaining} bytes left hold at most {reader.Remaining / size}");
        ReadOnlySpan<byte> bytes = reader.Take(positions * size, $"Matrix '{name}'");
        float[] values = new float[positions];
        for (int position = 0; position < values.Length; position++)
            values[position] = Weight(bytes, position, name);
        return values;
    }

    private float[] Bitmap(string name, long positions)
    {
        ReadOnlySpan<byte> bits = reader.Take((positions + 7) / 8, $"The bitmap of matrix '{name}'");
        int used = (int)(positions & 7);
        if (used != 0 && bits[^1] >> used != 0)
            reader.Fail($"The bitmap of matrix '{name}' has bits after position {positions - 1}; it ends there");
        long active = 0;
        foreach (byte part in bits)
            active += BitOperations.PopCount(part);
        ReadOnlySpan<byte> bytes = Active(name, active);
        CheckPositions(name, positions, bits.Length + (long)bytes.Length);
        float[] values = new float[positions];
        for (int position = 0, index = 0; position < values.Length; position++)
        {
            if ((bits[position >> 3] >> (position & 7) & 1) != 0)
                values[position] = NonZero(Weight(bytes, index++, name), name);
        }

        return values;
    }

    private float[] Gaps(string name, long positions)
    {
        int size = WeightFileFormat.SizeOf(precision);
        int active = reader.Count($"The number of connections of matrix '{name}'", size);
        int parameter = reader.Byte($"The gap parameter of matrix '{name}'");
        if (parameter > GapCode.MaximumParameter)
            reader.Fail($"The gap parameter of matrix '{name}' is {parameter}; at most {GapCode.MaximumParameter} is allowed");
        ReadOnlySpan<byte> code = reader.Take(reader.Size($"The length of the gaps of matrix '{name}'"), $"The gaps of matrix '{name}'");
        ReadOnlySpan<byte> bytes = Active(name, active);
        CheckPositions(name, positions, code.Length + (long)bytes.Length);
        int[] connections = new int[active];
        if (!GapCode.TryDecode(code, parameter, positions, connections))
            reader.Fail($"The gaps of matrix '{name}' do not lead to {active} of its {positions} positions");
        float[] values = new float[positions];
        for (int index = 0; index < connections.Length; index++)
            values[connections[index]] = NonZero(Weight(bytes, index, name), name);
        return values;
    }

    private float[] Unknown(string name, byte encoding)
    {
        reader.Fail($"The encoding of matrix '{name}' is {encoding}; {string.Join(", ", Enum.GetNames<MatrixEncoding>())} (0 to 2) are known");
        return [];
    }

    private ReadOnlySpan<byte> Active(string name, long active) =>
        reader.Take(active * WeightFileFormat.SizeOf(precision), $"The {active} weights of matrix '{name}'");

    private void CheckPositions(string name, long positions, long bytes)
    {
        if (positions > Math.Min(Array.MaxLength, WeightFileFormat.MaximumPositionsPerByte * bytes))
            reader.Fail($"Matrix '{name}' has {positions} positions in {bytes} bytes; at most {WeightFileFormat.MaximumPositionsPerByte} a byte are allowed");
    }

    private float Weight(ReadOnlySpan<byte> bytes, int index, string name) => Finite(
        precision == WeightPrecision.Half
            ? (float)BinaryPrimitives.ReadHalfLittleEndian(bytes[(index * 2)..])
            : BinaryPrimitives.ReadSingleLittleEndian(bytes[(index * sizeof(float))..]),
        name);

    private float Finite(float value, string name)
    {
        if (!float.IsFinite(value))
            reader.Fail($"'{name}' has the value {value}; only finite numbers are allowed");
        return value;
    }

    private float NonZero(float value, string name)
    {
        if (value == 0f)
            reader.Fail($"Matrix '{name}' has a connection of weight 0; connections that exist are not zero");
        return value;
    }
}
