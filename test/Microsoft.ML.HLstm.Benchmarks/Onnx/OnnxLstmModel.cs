using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Benchmarks.Onnx;

/// <summary>
/// An ONNX model of one LSTM layer in one or two directions: the standard operator <c>LSTM</c> in float32, or ONNX Runtime's
/// <c>DynamicQuantizeLSTM</c> with int8 weights. X (T, B, I), h and c (D, B, H) to Y (T, D, B, H), h and c.
/// </summary>
internal sealed class OnnxLstmModel(IReadOnlyList<CellWeights> directions, int length, int batch)
{
    // ONNX has the gates in the order i, o, f, c.
    private static readonly int[] _gateOrder = [0, 3, 1, 2];

    public int InputSize { get; } = directions[0].InputSize;

    public int StateSize { get; } = directions[0].StateSize;

    public int Directions { get; } = directions.Count;

    public int Length { get; } = length;

    public int Batch { get; } = batch;

    /// <summary>The model in float32.</summary>
    public byte[] Single() => Model("LSTM", "",
        [
            OnnxTensor.Of("W", Stack(cell => Gates(cell.Input)), Directions, 4 * StateSize, InputSize),
            OnnxTensor.Of("R", Stack(cell => Gates(cell.Recurrent)), Directions, 4 * StateSize, StateSize),
            Bias(),
        ], []);

    /// <summary>The model with int8 weights, one scale for each matrix, as ONNX Runtime's own quantisation tool makes it.</summary>
    public byte[] Quantized()
    {
        QuantizedMatrix[] input = [.. directions.Select(cell => new QuantizedMatrix(Gates(cell.Input), InputSize))];
        QuantizedMatrix[] recurrent = [.. directions.Select(cell => new QuantizedMatrix(Gates(cell.Recurrent), StateSize))];
        return Model("DynamicQuantizeLSTM", "com.microsoft",
            [
                OnnxTensor.Of("W", [.. input.SelectMany(matrix => matrix.Transposed)], Directions, InputSize, 4 * StateSize),
                OnnxTensor.Of("R", [.. recurrent.SelectMany(matrix => matrix.Transposed)], Directions, StateSize, 4 * StateSize),
                Bias(),
            ],
            [
                OnnxTensor.Of("W_scale", [.. input.Select(matrix => matrix.Scale)], Directions),
                OnnxTensor.Of("W_zero_point", new sbyte[Directions], Directions),
                OnnxTensor.Of("R_scale", [.. recurrent.Select(matrix => matrix.Scale)], Directions),
                OnnxTensor.Of("R_zero_point", new sbyte[Directions], Directions),
            ]);
    }

    private byte[] Model(string operation, string domain, OnnxTensor[] weights, OnnxTensor[] scales)
    {
        var node = new ProtobufMessage();
        // An empty name leaves an optional input out: here the lengths and, between, the peepholes.
        string[] inputs = ["X", "W", "R", "B", "", "initial_h", "initial_c"];
        foreach (string name in scales.Length == 0 ? inputs : [.. inputs, "", .. scales.Select(scale => scale.Name)])
            node.Text(1, name);
        foreach (string name in (string[])["Y", "Y_h", "Y_c"])
            node.Text(2, name);
        node.Text(4, operation)
            .Message(5, new ProtobufMessage().Text(1, "hidden_size").Number(3, StateSize).Number(20, 2))
            .Message(5, new ProtobufMessage().Text(1, "direction").Text(4, Directions == 2 ? "bidirectional" : "forward").Number(20, 3))
            .Text(7, domain);

        ProtobufMessage graph = new ProtobufMessage().Message(1, node).Text(2, "lstm");
        foreach (OnnxTensor tensor in (OnnxTensor[])[.. weights, .. scales])
            graph.Message(5, tensor.ToMessage());
        graph.Message(11, OnnxTensor.Value("X", Length, Batch, InputSize))
            .Message(11, OnnxTensor.Value("initial_h", Directions, Batch, StateSize))
            .Message(11, OnnxTensor.Value("initial_c", Directions, Batch, StateSize))
            .Message(12, OnnxTensor.Value("Y", Length, Directions, Batch, StateSize))
            .Message(12, OnnxTensor.Value("Y_h", Directions, Batch, StateSize))
            .Message(12, OnnxTensor.Value("Y_c", Directions, Batch, StateSize));

        ProtobufMessage model = new ProtobufMessage().Number(1, 8).Message(7, graph)
            .Message(8, new ProtobufMessage().Text(1, "").Number(2, 14));
        return (domain.Length == 0 ? model : model.Message(8, new ProtobufMessage().Text(1, domain).Number(2, 1))).ToArray();
    }

    /// <summary>Biases of the input's and of the state's part; ours has them in one.</summary>
    private OnnxTensor Bias() =>
        OnnxTensor.Of("B", Stack(cell => [.. Gates(new WeightMatrix("bias", 4 * StateSize, 1, cell.Bias)), .. new float[4 * StateSize]]), Directions, 8 * StateSize);

    private float[] Stack(Func<CellWeights, float[]> part) => [.. directions.SelectMany(part)];

    private float[] Gates(WeightMatrix matrix)
    {
        int block = StateSize * matrix.Columns;
        float[] gates = new float[matrix.Values.Length];
        for (int gate = 0; gate < _gateOrder.Length; gate++)
            matrix.Values.AsSpan(_gateOrder[gate] * block, block).CopyTo(gates.AsSpan(gate * block));
        return gates;
    }
}
