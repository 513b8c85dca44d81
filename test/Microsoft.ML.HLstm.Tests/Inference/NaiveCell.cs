using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tests.Inference;

/// <summary>The formulas of a cell as they stand in its documentation, in double precision, nothing shared with the engine.</summary>
internal static class NaiveCell
{
    public static (double[] H, double[] C) Step(CellWeights cell, double[] x, double[] h, double[] c)
    {
        double[] first = Add(Add(Multiply(cell.Input, x), Multiply(cell.Recurrent, h)), cell.Bias);
        var gates = new double[4][];
        for (int gate = 0; gate < 4; gate++)
            gates[gate] = cell.TrunkWidths.Length == 0 ? first[(gate * h.Length)..((gate + 1) * h.Length)] : Gate(cell, gate, first);
        var nextH = new double[h.Length];
        var nextC = new double[h.Length];
        for (int unit = 0; unit < h.Length; unit++)
        {
            nextC[unit] = Sigmoid(gates[1][unit]) * c[unit] + Sigmoid(gates[0][unit]) * Math.Tanh(gates[2][unit]);
            nextH[unit] = Sigmoid(gates[3][unit]) * Math.Tanh(nextC[unit]);
        }

        return (nextH, nextC);
    }

    public static double[] Apply(DenseLayer layer, double[] x) => Add(Multiply(layer.Weight, x), layer.Bias);

    public static double[] Multiply(WeightMatrix matrix, double[] x)
    {
        Assert.AreEqual(matrix.Columns, x.Length, matrix.Name);
        var y = new double[matrix.Rows];
        float[] values = matrix.Values;
        for (int row = 0; row < matrix.Rows; row++)
        {
            for (int column = 0; column < matrix.Columns; column++)
                y[row] += (double)values[row * matrix.Columns + column] * x[column];
        }

        return y;
    }

    public static double[] Double(ReadOnlySpan<float> values) => [.. values.ToArray().Select(value => (double)value)];

    private static double[] Gate(CellWeights cell, int gate, double[] first)
    {
        int trunk = cell.TrunkWidths.Length == 4 ? gate : 0;
        int start = cell.TrunkWidths[..trunk].Sum();
        double[] values = [.. first[start..(start + cell.TrunkWidths[trunk])].Select(value => Activate(cell.Activation, value))];
        foreach (DenseLayer layer in cell.Hidden[trunk])
            values = [.. Apply(layer, values).Select(value => Activate(cell.Activation, value))];
        return Apply(cell.Output[gate], values);
    }

    private static double[] Add(double[] a, double[] b) => [.. a.Zip(b, (left, right) => left + right)];

    private static double[] Add(double[] a, float[] b) => Add(a, Double(b));

    private static double Activate(GateActivation activation, double a) => activation switch
    {
        GateActivation.LeakyRelu => a < 0 ? 0.01 * a : a,
        GateActivation.Relu => a < 0 ? 0 : a,
        _ => Math.Tanh(a),
    };

    private static double Sigmoid(double a) => 1 / (1 + Math.Exp(-a));
}
