using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>
/// A cell of another size with the sparsity of a trained one: every row and column has the share of connections that the
/// trained row and column in its place have, gate by gate. Which row meets which column is drawn.
/// </summary>
internal sealed class ScaledCells(CellWeights trained, int inputSize, int stateSize)
{
    private readonly RandomCells _random = new(11);
    private readonly Random _choice = new(12);

    public CellWeights Make()
    {
        int[] widths = [.. trained.TrunkWidths.Select(Scale)];
        int[] rows = trained.HasHiddenLayers ? Rows(trained.TrunkWidths, widths)
            : Rows([.. Enumerable.Repeat(trained.StateSize, CellWeights.Gates)], [.. Enumerable.Repeat(stateSize, CellWeights.Gates)]);
        return new CellWeights
        {
            InputSize = inputSize,
            StateSize = stateSize,
            Activation = trained.Activation,
            TrunkWidths = widths,
            Input = Matrix(trained.Input, rows, Places(trained.InputSize, inputSize)),
            Recurrent = Matrix(trained.Recurrent, rows, Places(trained.StateSize, stateSize)),
            Bias = _random.Bias(rows.Length),
            Hidden = [.. trained.Hidden.Select(trunk => trunk.Select(layer => Layer(layer, Scale(layer.OutputSize))).ToArray())],
            Output = [.. trained.Output.Select(layer => Layer(layer, stateSize))],
        };
    }

    private int Scale(int width) => (int)Math.Round((double)width * stateSize / trained.StateSize);

    private DenseLayer Layer(DenseLayer layer, int rows) =>
        new(Matrix(layer.Weight, Places(layer.OutputSize, rows), Places(layer.InputSize, Scale(layer.InputSize))), _random.Bias(rows));

    private WeightMatrix Matrix(WeightMatrix from, int[] rows, int[] columns)
    {
        int[] perColumn = new int[from.Columns];
        float[] values = from.Values;
        for (int i = 0; i < values.Length; i++)
            perColumn[i % from.Columns] += values[i] != 0 ? 1 : 0;
        int[] possible = [.. Enumerable.Range(0, columns.Length).Where(column => perColumn[columns[column]] > 0)];
        double[] keys = new double[possible.Length];
        bool[] mask = new bool[rows.Length * columns.Length];
        for (int row = 0; row < rows.Length; row++)
        {
            int active = from.Columns - from.Row(rows[row]).Count(0f);
            int count = Math.Min(possible.Length, (int)Math.Round((double)active * columns.Length / Math.Max(1, from.Columns)));
            // The smallest of exponential times with these rates are a weighted sample without replacement.
            int[] order = [.. possible];
            for (int i = 0; i < order.Length; i++)
                keys[i] = -Math.Log(1 - _choice.NextDouble()) / perColumn[columns[order[i]]];
            Array.Sort(keys, order);
            foreach (int column in order.AsSpan(0, count))
                mask[(row * columns.Length) + column] = true;
        }

        return _random.Matrix(from.Name, rows.Length, columns.Length, mask);
    }

    private static int[] Rows(int[] from, int[] to)
    {
        var rows = new List<int>();
        for (int block = 0, start = 0; block < from.Length; start += from[block++])
            rows.AddRange(Places(from[block], to[block]).Select(place => start + place));
        return [.. rows];
    }

    /// <summary>For each of <paramref name="to"/> places, the one of <paramref name="from"/> that lies there.</summary>
    private static int[] Places(int from, int to) => [.. Enumerable.Range(0, to).Select(i => (int)((long)i * from / to))];
}
