using Microsoft.ML.HLstm.GrowAndPrune;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>Cells with made-up weights. Values are scaled by what a unit reads, so that activations keep their size.</summary>
internal sealed class RandomCells(int seed)
{
    private readonly NormalRandom _random = new(seed);

    /// <summary>An ordinary LSTM cell with every connection, its weights as <c>nn.LSTM</c> draws them.</summary>
    public CellWeights Lstm(int inputSize, int stateSize) => new()
    {
        InputSize = inputSize,
        StateSize = stateSize,
        Activation = GateActivation.Relu,
        TrunkWidths = [],
        Input = Uniform("input", 4 * stateSize, inputSize, stateSize),
        Recurrent = Uniform("recurrent", 4 * stateSize, stateSize, stateSize),
        Bias = Uniform("bias", 1, 4 * stateSize, stateSize).Values,
        Hidden = [],
        Output = [],
    };

    /// <summary>An H-LSTM cell, each gate with one hidden layer of so many units.</summary>
    public CellWeights HLstm(int inputSize, int stateSize, MaskPattern pattern, double density, int gateSize) => new()
    {
        InputSize = inputSize,
        StateSize = stateSize,
        Activation = GateActivation.Relu,
        TrunkWidths = [gateSize, gateSize, gateSize, gateSize],
        Input = Matrix("input", 4 * gateSize, inputSize, pattern, density),
        Recurrent = Matrix("recurrent", 4 * gateSize, stateSize, pattern, density),
        Bias = Bias(4 * gateSize),
        Hidden = [[], [], [], []],
        Output = [.. Enumerable.Range(0, CellWeights.Gates).Select(gate => new DenseLayer(Matrix($"output{gate}", stateSize, gateSize, pattern, density), Bias(stateSize)))],
    };

    /// <summary>A cell of single connections as training hands it over: its hidden units in the order that scoring wants.</summary>
    public static CellWeights Ordered(CellWeights cell, bool sequences) => Compaction.Compact(cell, SparsityPattern.Unstructured, sequences);

    /// <summary>A cell with the shapes and densities of another, its connections anywhere.</summary>
    public CellWeights Like(CellWeights cell) => cell with
    {
        Input = Like(cell.Input),
        Recurrent = Like(cell.Recurrent),
        Hidden = [.. cell.Hidden.Select(trunk => trunk.Select(Like).ToArray())],
        Output = [.. cell.Output.Select(Like)],
    };

    /// <summary>Random values where <paramref name="mask"/> has connections.</summary>
    public WeightMatrix Matrix(string name, int rows, int columns, bool[] mask)
    {
        float[] values = new float[rows * columns];
        float scale = MathF.Sqrt((float)Math.Max(1, rows) / Math.Max(1, mask.AsSpan().Count(true)));
        for (int i = 0; i < values.Length; i++)
            values[i] = mask[i] ? scale * _random.Next() : 0;
        return new WeightMatrix(name, rows, columns, values);
    }

    public float[] Bias(int size) => [.. Enumerable.Range(0, size).Select(_ => 0.1f * _random.Next())];

    private WeightMatrix Matrix(string name, int rows, int columns, MaskPattern pattern, double density) =>
        Matrix(name, rows, columns, Masks.Make(pattern, rows, columns, density, _random.Uniform));

    private DenseLayer Like(DenseLayer layer) => new(Like(layer.Weight), layer.Bias);

    private WeightMatrix Like(WeightMatrix matrix) =>
        Matrix(matrix.Name, matrix.Rows, matrix.Columns, MaskPattern.Unstructured, matrix.Density);

    private WeightMatrix Uniform(string name, int rows, int columns, int stateSize)
    {
        float bound = 1 / MathF.Sqrt(stateSize);
        return new WeightMatrix(name, rows, columns, [.. Enumerable.Range(0, rows * columns).Select(_ => bound * ((2 * _random.Uniform.NextSingle()) - 1))]);
    }
}
